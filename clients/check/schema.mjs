// Holds the schema to its rules, and to what the last release promised: node schema.mjs
// Exits with 1 where a rule is broken that has no reason not to hold here, or where
// something that clients use is gone or has changed before its time (docs/schema.md).
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import graphqlPlugin from '@graphql-eslint/eslint-plugin'
import { ESLint } from 'eslint'
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const read = (path) => buildSchema(readFileSync(here(path), 'utf8'))

// ── Rules ────────────────────────────────────────────────────────────────────

// Every rule about schemas is on, and those about Relay's connections. What is set
// otherwise says why.
const all = { ...graphqlPlugin.configs['flat/schema-all'].rules, ...graphqlPlugin.configs['flat/schema-relay'].rules }
const own = {
  // What belongs together stands together, in the order in which somebody reads it.
  '@graphql-eslint/alphabetize': 'off',
  // The rule is for APIs that only read.
  '@graphql-eslint/no-root-type': 'off',
  // A payload has what the mutation changed. A whole query behind it would be asked with the
  // rights and the time of a mutation.
  '@graphql-eslint/require-field-of-type-query-in-mutation-result': 'off',
  // What is identified has an id. Payloads, pages, and what only says something about an
  // object are not identified, and a cache keeps them beneath what is.
  '@graphql-eslint/strict-id-in-types': 'off',
  // Lists are read forwards: nothing here is paged backwards, and keyset paging costs twice to do both.
  '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
  // A list that the domain bounds is a plain list, connections have nodes beside edges, and a
  // row such as one of people is not always an object with an id.
  '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
}

const lint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.graphql'],
      plugins: { '@graphql-eslint': graphqlPlugin },
      languageOptions: { parser: graphqlPlugin.parser, parserOptions: { graphQLConfig: { schema: here('../../graph/schema.graphql') } } },
      rules: { ...all, ...own },
    },
  ],
  cwd: here('../..'),
})
const complaints = (await lint.lintFiles(['graph/schema.graphql'])).flatMap((file) => file.messages)
for (const c of complaints) console.log(`${c.line}:${c.column} ${c.ruleId}: ${c.message}`)

// ── Changes ──────────────────────────────────────────────────────────────────

const before = read('released.graphql')
const now = read('../../graph/schema.graphql')
const today = new Date().toISOString().slice(0, 10)

/** Until when something of the last release was promised: its reason says "Gone after 2027-06-30." */
function promised(path) {
  const [type, field, argument] = path.split('.')
  const of = before.getType(type)
  const at = of?.getFields?.()[field] ?? of?.getValue?.(field)
  const reason = (argument && at?.args?.find((a) => a.name === argument)?.deprecationReason) || at?.deprecationReason
  return /Gone after (\d{4}-\d{2}-\d{2})\./.exec(reason ?? '')?.[1]
}

const broken = []
for (const { type, description } of findBreakingChanges(before, now)) {
  const path = /^\W*([A-Z]\w*(?:\.\w+)*)/.exec(description)?.[1] ?? ''
  const until = promised(path)
  if (until && until < today) console.log(`gone, as announced: ${description}`)
  else broken.push(`${type}: ${description}${until ? ` It was promised until ${until}.` : ''}`)
}
for (const line of broken) console.log(`breaks clients: ${line}`)
for (const { description } of findDangerousChanges(before, now)) console.log(`clients should know: ${description}`)

// What is deprecated says what to use and until when it stays.
const vague = []
for (const type of Object.values(now.getTypeMap())) {
  const members = type.getFields ? Object.values(type.getFields()) : type.getValues ? type.getValues() : []
  for (const m of members.flatMap((m) => [m, ...(m.args ?? [])])) {
    if (m.deprecationReason != null && !type.name.startsWith('__') && !/^Use .+ Gone after \d{4}-\d{2}-\d{2}\.$/.test(m.deprecationReason)) vague.push(`${type.name}.${m.name}: ${m.deprecationReason}`)
  }
}
for (const line of vague) console.log(`deprecated without a way out: ${line}`)

console.log(`${complaints.length} complaints, ${broken.length} breaking changes, ${vague.length} vague deprecations`)
process.exit(complaints.length + broken.length + vague.length ? 1 : 0)
