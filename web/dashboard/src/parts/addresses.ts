export type Address = { email: string; name: string }

/**
 * Reads addresses as people paste them: one a line or with commas, semicolons or tabs
 * between, with names in front (`Ada King <ada@example.com>`), behind, or in a column of
 * their own. What has no @ is kept as it is, so that somebody sees it. The first of two alike stays.
 */
export function readAddresses(text: string): Address[] {
  const found: Address[] = []
  for (const line of text.split(/[\n\r;]+/)) {
    // A comma ends an address, but not within a name: "King, Ada <ada@example.com>".
    for (const part of line.match(/[^,<]*(?:,(?=[^,@]*<)[^,<]*)*(?:<[^>]*>)?|[^,]+/g) ?? []) {
      const piece = part.replaceAll('\t', ' ').replace(/^[\s,]+|[\s,]+$/g, '')
      if (!piece) continue
      const angled = /<([^>]*)>/.exec(piece)
      const email = angled?.[1]?.trim() ?? piece.split(/\s+/).find((w) => w.includes('@')) ?? piece
      const name = (angled ? piece.replace(angled[0], '') : piece.replace(email, '')).replace(/^[\s"'(]+|[\s"')]+$/g, '')
      if (!found.some((a) => a.email.toLowerCase() === email.toLowerCase())) found.push({ email, name })
    }
  }
  return found
}
