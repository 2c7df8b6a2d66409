// Holds docs/clients to what is run: GraphQL is validated against the schema, code that
// names its file stands there to the letter, and links lead somewhere: node pages.mjs
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSchema, parse, validate } from 'graphql'

const root = fileURLToPath(new URL('../..', import.meta.url))
const schema = buildSchema(
  // Relay's own directives, which its compiler takes out.
  `${readFileSync(`${root}/graph/schema.graphql`, 'utf8')}\ndirective @throwOnFieldError on QUERY | FRAGMENT_DEFINITION`,
)
const pages = [...readdirSync(`${root}/docs/clients`).map((name) => `docs/clients/${name}`), 'docs/schema.md']
const anchors = (page) => new Set([...readFileSync(`${root}/${page}`, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title]) => title.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-')))
const wrong = []
let documents = 0
let excerpts = 0

for (const page of pages) {
  const text = readFileSync(`${root}/${page}`, 'utf8')
  for (const [, language, block] of text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)) {
    if (language === 'graphql' && page.startsWith('docs/clients')) {
      documents++
      for (const error of validate(schema, parse(block))) wrong.push(`${page}: ${error.message}`)
    }
    if (language === 'json') JSON.parse(block.replaceAll('…', ''))
    const file = /^\/\/ (clients\/\S+)\n/.exec(block)
    if (file) {
      excerpts++
      if (!readFileSync(`${root}/${file[1]}`, 'utf8').includes(block.slice(file[0].length))) wrong.push(`${page}: the excerpt of ${file[1]} differs`)
    }
  }
  for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https?:/.test(link)) continue
    const [path, anchor] = link.split('#')
    const target = path ? resolve(root, dirname(page), path) : `${root}/${page}`
    if (!existsSync(target)) wrong.push(`${page}: there is no ${link}`)
    else if (anchor && !anchors(target.slice(root.length)).has(anchor)) wrong.push(`${page}: there is no ${link}`)
  }
}

for (const line of wrong) console.log(line)
console.log(`${documents} documents, ${excerpts} excerpts, ${wrong.length} wrong`)
process.exit(wrong.length || !documents || !excerpts ? 1 : 0)
