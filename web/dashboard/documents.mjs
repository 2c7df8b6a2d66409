// Writes what the dashboard, the pages behind mailed links and the package for TypeScript
// ask the API into web/documents, which the server trusts (decision 0039): node documents.mjs
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, parseAst } from 'vite'
import { manifest } from '../../clients/typescript/dist/manifest.js'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

async function write(name, documents) {
  writeFileSync(here(`../documents/${name}.json`), JSON.stringify(await manifest(documents), null, 2) + '\n')
  console.log(`${name}: ${documents.length} documents`)
}

// ── The dashboard: its modules are run, and what they declare is printed as it is sent ──

const ENTRY = 'virtual:documents'
const listen = {
  name: 'listen',
  enforce: 'pre',
  resolveId: (id) => (id === ENTRY ? `\0${ENTRY}` : undefined),
  load(id) {
    if (id === `\0${ENTRY}`) {
      return `const modules = import.meta.glob(['/src/**/*.{ts,tsx}', '!/src/main.tsx'], { eager: true })
        export const { declared } = modules['/src/api/graphql.ts']
        export const { client } = modules['/src/api/client.ts']
        export { print } from 'graphql'`
    }
    if (id === here('src/api/graphql.ts')) {
      return `import { initGraphQLTada } from 'gql.tada'
        const declare = initGraphQLTada()
        export const declared = []
        export const graphql = (...args) => { declared.push(declare(...args)); return declared.at(-1) }`
    }
  },
}

async function dashboard() {
  const folder = mkdtempSync(join(tmpdir(), 'documents-'))
  try {
    const plugins = [listen]
    await build({
      configFile: false,
      logLevel: 'error',
      root: here('.'),
      plugins,
      resolve: { alias: { 'tenantry-client/subscriptions': here('../../clients/typescript/src/subscriptions.ts'), 'tenantry-client': here('../../clients/typescript/src/index.ts') } },
      ssr: { noExternal: true },
      build: { ssr: true, outDir: folder, emptyOutDir: true, rolldownOptions: { input: ENTRY, output: { entryFileNames: 'documents.mjs' } } },
    })
    // What modules look at when they are loaded, and Node may not have.
    globalThis.navigator ??= { languages: ['en'] }
    globalThis.location ??= { href: 'http://localhost/' }
    globalThis.window ??= { addEventListener() {} }
    globalThis.WebSocket ??= class { static CONNECTING = 0; static OPEN = 1; static CLOSING = 2; static CLOSED = 3 }
    const { declared, client, print } = await import(pathToFileURL(join(folder, 'documents.mjs')))
    const operations = declared.filter((d) => d.definitions.some((one) => one.kind === 'OperationDefinition'))
    // Subscriptions go past the client's cache, as they were declared.
    const plain = operations.filter((d) => d.definitions.some((one) => one.operation === 'subscription'))
    return [...operations.map((d) => client.documentTransform.transformDocument(d)), ...plain].map((d) => print(d))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// ── Scripts: the documents are texts in them, given to `ask` or made by `mutate` ──

/** Finds the documents of a script. What cannot be read where it is written is an error. */
function written(script) {
  const text = readFileSync(here(script), 'utf8')
  const fail = (node) => {
    throw new Error(`${script}:${text.slice(0, node.start).split('\n').length}: this document is not written out`)
  }
  const value = (node, names) => {
    switch (node?.type) {
      case 'Literal':
        return node.value
      case 'TemplateLiteral':
        return node.quasis.map((q, i) => q.value.cooked + (node.expressions[i] ? value(node.expressions[i], names) : '')).join('')
      case 'Identifier':
        return names[node.name] ?? fail(node)
    }
    return fail(node)
  }
  const constants = {}
  const asked = []
  const mutated = []
  let pattern // what mutate makes of a name and fields
  const walk = (node, inside) => {
    if (!node || typeof node.type !== 'string') return
    if (node.type === 'VariableDeclarator' && typeof node.init?.value === 'string') constants[node.id.name] = node.init.value
    if (node.type === 'FunctionDeclaration') inside = node.id.name
    if (node.type === 'CallExpression' && node.callee.name === 'ask') {
      if (inside === 'mutate') pattern = node.arguments[0]
      else asked.push(node.arguments[0])
    }
    if (node.type === 'CallExpression' && node.callee.name === 'mutate') mutated.push(node.arguments)
    for (const child of Object.values(node)) {
      if (Array.isArray(child)) for (const one of child) walk(one, inside)
      else if (child && typeof child === 'object') walk(child, inside)
    }
  }
  walk(parseAst(text), null)
  const mutation = ([named, , fields]) => {
    const name = value(named, constants)
    return value(pattern, { ...constants, name, type: name[0].toUpperCase() + name.slice(1) + 'Input', fields: value(fields, constants) })
  }
  return [...new Set([...asked.map((node) => value(node, constants)), ...mutated.map(mutation)])]
}

await write('dashboard', await dashboard())
await write('links', written('../links/page.js'))
await write('typescript', [(await import('../../clients/typescript/dist/fetch.js')).REFRESH])
