// Builds what the clients of docs/clients are built with: artefacts and manifests of
// relay-compiler and GraphQL Code Generator, the check of gql.tada, and the programs that
// main.ts runs: node build.mjs
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('.', import.meta.url)))
const run = (name, ...args) => {
  const began = Date.now()
  execFileSync(`node_modules/.bin/${name}`, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  console.log(`${name} ${args.join(' ')} (${((Date.now() - began) / 1000).toFixed(1)}s)`)
}

rmSync('.built', { recursive: true, force: true })
mkdirSync('.built/relay/__generated__', { recursive: true })
cpSync('../../graph/schema.graphql', '.built/schema.graphql')
writeFileSync('.built/relay.json', '{}')
run('relay-compiler', 'relay.config.json')
run('graphql-codegen', '--config', 'codegen.ts')
run('gql.tada', 'check', '--fail-on-warn', '--tsconfig', 'tsconfig.tada.json')
run('tsc')
