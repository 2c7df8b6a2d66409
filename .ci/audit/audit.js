// Asks a running server every audit of GraphQL over HTTP, and fails unless all
// of them pass: node audit.js http://localhost:8080/graphql
import { auditServer } from 'graphql-http'

const expected = 61
const url = process.argv[2]
if (!url) {
  console.error('usage: node audit.js URL')
  process.exit(2)
}

const results = await auditServer({ url, fetchFn: fetch })
const failed = results.filter((result) => result.status !== 'ok')
for (const { id, name, reason } of failed) {
  console.log(`${id} ${name}: ${reason}`)
}
const passed = results.length - failed.length
console.log(`${passed} passed, ${failed.length} failed`)
process.exit(passed === expected && failed.length === 0 ? 0 : 1)
