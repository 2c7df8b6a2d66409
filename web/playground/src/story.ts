export type Step = {
  name: string
  title: string
  text: string
  query: string
  variables: unknown
}

export type Values = Record<string, unknown>

const documents = import.meta.glob<string>('../operations/*.graphql', { query: '?raw', import: 'default', eager: true })
const variables = import.meta.glob<unknown>('../operations/*.json', { import: 'default', eager: true })

/** The example operations in the order of their file names. */
export const story: Step[] = Object.keys(documents)
  .sort()
  .map((path) => {
    const query = documents[path].trimEnd() + '\n'
    const comment = query.slice(0, query.search(/^[^#]/m)).replaceAll(/^# /gm, '').trim().replaceAll('\n', ' ')
    const [, title, text] = /^([^.]+)\. (.+)$/.exec(comment)!
    const [, name] = /^(?:query|mutation|subscription) (\w+)/m.exec(query)!
    return { name, title, text, query, variables: variables[path.replace('.graphql', '.json')] }
  })

/**
 * Puts values in the place of the strings `"$name"` in the variables of a step.
 * What is not known stays as it is and is listed in `missing`.
 */
export function fill(step: Step, values: Values): { variables: string; missing: string[] } {
  const missing = new Set<string>()
  const walk = (v: unknown): unknown => {
    if (typeof v === 'string' && v.startsWith('$')) {
      const key = v.slice(1)
      if (values[key] !== undefined) return values[key]
      missing.add(key)
    }
    if (Array.isArray(v)) return v.map(walk)
    if (v && typeof v === 'object') return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, walk(x)]))
    return v
  }
  const filled = walk(step.variables) as object
  return { variables: Object.keys(filled).length ? JSON.stringify(filled, null, 2) : '', missing: [...missing] }
}

/**
 * The operation of a link: `#query=…&variables=…`, both as they are shown. Behind the #
 * it reaches no server and no log. It is shown and not run: who follows a link decides.
 */
export function linked(): { query: string; variables: string } | null {
  const link = new URLSearchParams(location.hash.slice(1))
  const query = link.get('query')
  return query ? { query, variables: link.get('variables') ?? '' } : null
}
