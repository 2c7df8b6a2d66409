import { initGraphQLTada } from 'gql.tada'
import type { introspection, Scalars } from 'tenantry-client'

/** Writes an operation or a fragment, with its types. */
export const graphql = initGraphQLTada<{ introspection: introspection; scalars: Scalars; disableMasking: true }>()
export type { FragmentOf, ResultOf, VariablesOf } from 'gql.tada'
