import { graphql } from '../.built/codegen/gql.js'

export const WHO_AM_I = graphql(`
  query WhoAmIByCodegen {
    viewer {
      id
      name
    }
  }
`)
