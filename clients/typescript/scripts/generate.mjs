// Writes what follows from the schema and the catalogue: the copy of the schema,
// possible types, error codes, permission keys, and the introspection types that gql.tada reads.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal'
import { buildSchema, introspectionFromSchema, isAbstractType, isEnumType } from 'graphql'

const here = (path) => new URL(`../${path}`, import.meta.url)
copyFileSync(here('../../graph/schema.graphql'), here('schema.graphql'))
const schema = buildSchema(readFileSync(here('schema.graphql'), 'utf8'))

const possible = Object.values(schema.getTypeMap())
  .filter((type) => isAbstractType(type) && !type.name.startsWith('__'))
  .map((type) => [type.name, schema.getPossibleTypes(type).map((t) => t.name).sort()])
const codes = schema.getType('ErrorCode')
if (!isEnumType(codes)) throw new Error('there is no ErrorCode')
const { permissions, categories } = JSON.parse(readFileSync(here('../../internal/permission/hosting.json'), 'utf8'))

const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const list = (keys) => `[\n${keys.map((k) => `  ${quoted(k)},\n`).join('')}] as const`
const about = (text) => `/** ${text.replaceAll('\n', ' ')} */\n`

writeFileSync(
  here('src/generated.ts'),
  `// Written by scripts/generate.mjs.

${about('The types behind each interface, for a normalised cache.')}export const possibleTypes: Record<string, string[]> = {
${possible.map(([name, types]) => `  ${name}: [${types.map(quoted).join(', ')}],\n`).join('')}}

${about('Every reason for a refusal that this release knows. A later one may know more: have an answer for those as well.')}export const errorCodes = {
${codes.getValues().map((v) => `  ${about(v.description).trimEnd()}\n  ${v.name}: ${quoted(v.name)},\n`).join('')}} as const

${about("The permissions of the catalogue that is compiled in. A company may have its own: see `permissionCatalog`.")}export const permissionKeys = ${list(permissions.map((p) => p.key))}

${about("The notification categories of the catalogue that is compiled in. A company may have its own: see `permissionCatalog`.")}export const categoryKeys = ${list(categories.map((c) => c.key))}
`,
)

const introspection = minifyIntrospection(introspectionFromSchema(schema, { descriptions: false }))
writeFileSync(here('src/graphql-env.d.ts'), outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true }))
