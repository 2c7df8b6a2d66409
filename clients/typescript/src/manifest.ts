/** A persisted query manifest as Apollo's tools write it: what `--trusted-documents` of the server reads. */
export type Manifest = {
  format: 'apollo-persisted-query-manifest'
  version: 1
  operations: { id: string; name: string; type: 'query' | 'mutation' | 'subscription'; body: string }[]
}

/**
 * Writes the manifest of documents, each a text to the byte as it will be sent, with their
 * SHA-256 as ids. Give it what your client prints (for Apollo: `print(client.documentTransform.transformDocument(document))`).
 */
export async function manifest(documents: Iterable<string>): Promise<Manifest> {
  const operations = await Promise.all(
    [...new Set(documents)].map(async (body) => {
      const [, type, name = ''] = /^\s*(?:(query|mutation|subscription)\b\s*(\w+)?)?/.exec(body)!
      return { id: await documentId(body), name, type: (type ?? 'query') as Manifest['operations'][number]['type'], body }
    }),
  )
  operations.sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1))
  return { format: 'apollo-persisted-query-manifest', version: 1, operations }
}

/** The SHA-256 of a document, in lower-case hexadecimal digits: its id everywhere. */
export async function documentId(document: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(document))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
