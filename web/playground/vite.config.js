import { defineConfig } from 'vite'

// Names are stable, without hashes, so that the committed files change only
// where their contents do. The Go side serves them with an ETag.
const names = {
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  assetFileNames: '[name][extname]',
}

// The editor comes in pieces, so that no file is unwieldy.
const pieces = {
  groups: [
    { name: 'editor-base', test: /monaco-editor\/esm\/vs\/(base|platform)\// },
    { name: 'editor', test: /monaco-editor\/esm\/vs\/editor\/(browser|common|standalone)\// },
    { name: 'editor-contrib', test: /monaco-editor\/esm\/vs\/editor\// },
    { name: 'graphql', test: /node_modules\/(graphql|graphql-language-service)\// },
  ],
}

// Changes to code of others, each with its reason. A build fails where the code
// is no longer what it was.
const changes = [
  // JSON is laid out with the JavaScript parser of prettier, half a megabyte;
  // jsonc-parser, which is there as well, can do the same.
  {
    file: '/@graphiql/react/dist/utility/jsonc.js',
    from: /async function formatJSONC[\s\S]*?\n}\n/,
    to: `import { applyEdits, format } from 'jsonc-parser'
async function formatJSONC(content) {
  return applyEdits(content, format(content, undefined, { tabSize: 2, insertSpaces: true }))
}
`,
  },
  // An input field with a default may be left out: no red line for it.
  {
    file: '/graphql-language-service/esm/utils/getVariablesJSONSchema.js',
    from: 'if (fieldRequired) {',
    to: 'if (fieldRequired && field.defaultValue === undefined) {',
  },
]

const change = () => ({
  name: 'change',
  transform(code, id) {
    const found = changes.find(({ file }) => id.endsWith(file))
    if (!found) return
    const changed = code.replace(found.from, found.to)
    if (changed === code) this.error(`${found.file} is not what it was.`)
    return { code: changed, map: null }
  },
})

export default defineConfig({
  base: '/playground/',
  plugins: [change()],
  build: {
    assetsInlineLimit: 200_000,
    chunkSizeWarningLimit: 1500,
    license: { fileName: 'licenses.md' },
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { moduleLevelDirective: false },
      output: { ...names, codeSplitting: pieces },
    },
    target: 'es2022',
  },
  worker: {
    format: 'es',
    plugins: () => [change()],
    rolldownOptions: { output: { ...names, chunkFileNames: 'worker-[name].js' } },
  },
})
