// The introspection types are no source of the compiler's, so they are copied.
import { copyFileSync } from 'node:fs'

const here = (path) => new URL(`../${path}`, import.meta.url)
copyFileSync(here('src/graphql-env.d.ts'), here('dist/graphql-env.d.ts'))
