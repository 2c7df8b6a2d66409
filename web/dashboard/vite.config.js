import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'
import { pack, release } from './pack.js'

// Names are stable, without hashes, so that the committed files change only
// where their contents do. What distinguishes releases is the folder of their addresses.
const names = {
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  assetFileNames: '[name][extname]',
}

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

// What the first view may weigh, as it goes over the wire.
const limit = 150_000

// Each first view, by what is loaded for it: whoever is signed out sees the first, whoever
// comes back the second.
const views = {
  'signing in': ['index', 'sign-in'],
  'the overview': ['index', 'shell', 'overview'],
}

/** Packs what was built, prints what each first view weighs, and fails where it is too much. */
const budget = () => ({
  name: 'budget',
  writeBundle: {
    sequential: true,
    async handler(_, bundle) {
      release(here('dist'))
      const sizes = await pack(here('dist'), here('packed'))
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      for (const [view, parts] of Object.entries(views)) {
        const loaded = new Set()
        const load = (chunk) => {
          if (loaded.has(chunk.fileName)) return
          loaded.add(chunk.fileName)
          for (const name of chunk.imports) load(bundle[name])
        }
        for (const part of parts) load(chunks.find((c) => c.name === part) ?? this.error(`There is no ${part}.`))
        const files = [...loaded].sort((a, b) => sizes[b] - sizes[a])
        const total = files.reduce((sum, name) => sum + sizes[name], 0)
        console.log(`${view}: ${total} bytes of JavaScript in ${files.length} files (${files.map((name) => `${name} ${sizes[name]}`).join(', ')})`)
        if (total > limit) this.error(`The first view (${view}) is ${total} bytes of compressed JavaScript, and may be ${limit}.`)
      }
    },
  },
})

// What is left out of Mantine: both write style sheets into the page, which the content
// security policy forbids. house.css has what they would, so the resolver of colours is
// ours as well (parts/colors.ts), and so is where the focus goes after a dialog (parts/focus.ts).
const leftOut = ['MantineCssVariables', 'MantineClasses']

const leaveOut = () => ({
  name: 'leave-out',
  load(id) {
    const name = leftOut.find((n) => id.endsWith(`/${n}/${n}.mjs`))
    if (name) return `export const ${name} = () => null`
    if (id.endsWith('/use-focus-return.mjs')) return `export { useFocusReturn } from '${here('src/parts/focus.ts')}'`
    if (id.endsWith('/default-variant-colors-resolver.mjs')) return `export { defaultVariantColorsResolver } from '${here('src/parts/colors.ts')}'`
  },
})

export default defineConfig({
  base: './', // the page says where its files are: see pack.js
  plugins: [leaveOut(), budget()],
  resolve: {
    // RxJS has no other name for what is not compiled down to ES5.
    conditions: ['es2015', ...defaultClientConditions],
    dedupe: ['graphql-ws'],
    alias: {
      'tenantry-client/subscriptions': here('../../clients/typescript/src/subscriptions.ts'),
      'tenantry-client': here('../../clients/typescript/src/index.ts'),
      // It writes a style sheet into the page, which the content security policy forbids.
      'react-remove-scroll': here('src/parts/remove-scroll.tsx'),
    },
  },
  build: {
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { moduleLevelDirective: false },
      output: {
        ...names,
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|use-sync-external-store|wouter|regexparam)\// },
            // What every view needs is one file: it packs better than a handful.
            {
              name: 'base',
              test: /node_modules\/(@apollo|rxjs|tslib|graphql|optimism|@wry|@0no-co|gql\.tada|clsx|@mantine\/core\/esm\/(core|components\/(Button|UnstyledButton|Loader|Transition)))\/|\/src\/(api\/(?!german|live)|words|theme|app|parts\/(page|late|icons|said|colors))|\/clients\/typescript\/src\/(?!subscriptions)/,
            },
            // So are the fields of forms, with which signing in begins, but for the button that the shell has too.
            { name: 'action', test: /node_modules\/@mantine\/core\/esm\/components\/ActionIcon\// },
            { name: 'fields', test: /node_modules\/@mantine\/core\/esm\/components\/(Input|InputBase|TextInput|PasswordInput|CloseButton)\/|\/src\/parts\/form/ },
          ],
        },
      },
    },
    target: 'es2022',
  },
})
