// Prints a manifest of what a walk itself asks the API, for a server that answers trusted
// documents only: node manifest.mjs dashboard.mjs > documents.json
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const script = readFileSync(process.argv[2], 'utf8')
const documents = [...script.matchAll(/\bask\(\w+, '([^'\\]+)'/g)].map(([, document]) => document)
const calls = [...script.matchAll(/\bask\(/g)].length
if (calls !== documents.length) throw new Error(`${process.argv[2]}: ${calls} calls of ask, of which ${documents.length} have their document written out in single quotes`)
console.log(JSON.stringify(Object.fromEntries(documents.map((d) => [createHash('sha256').update(d).digest('hex'), d]))))
