import { graphql } from './graphql'

/** Who is signed in, or about to be. */
export const ME = graphql(`
  query Me {
    viewer {
      id
      name
      email
      locale
      activeAccount {
        id
      }
      defaultAccount {
        id
      }
    }
    pendingSignIn {
      secondFactors
      maskedEmail
    }
  }
`)

/** Whether the person is signing out of their own accord, so that nobody tells them. */
export const leaving = { now: false }
