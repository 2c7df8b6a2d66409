// Prints a manifest of what walks themselves ask the API, for a server that answers trusted
// documents only: node manifest.mjs dashboard.mjs trouble.mjs > documents.json
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const all = {}
for (const name of process.argv.slice(2)) {
  const script = readFileSync(name, 'utf8')
  const documents = [...script.matchAll(/\bask\(\w+, '([^'\\]+)'/g)].map(([, document]) => document)
  const calls = [...script.matchAll(/\bask\(/g)].length
  if (calls !== documents.length) throw new Error(`${name}: ${calls} calls of ask, of which ${documents.length} have their document written out in single quotes`)
  for (const d of documents) all[createHash('sha256').update(d).digest('hex')] = d
}
console.log(JSON.stringify(all))
