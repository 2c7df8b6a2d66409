import { graphql, type FragmentOf } from '../../api/graphql'

/** What every screen says of a webhook. */
export const WEBHOOK = graphql(`
  fragment WebhookParts on Webhook {
    id
    url
    description
    events
    notifications
    state
    lastSuccessAt
    lastError
    firstFailureAt
    formerSecretExpiresAt
    version
    createdAt
  }
`)
export type Webhook = FragmentOf<typeof WEBHOOK>

export const WEBHOOKS = graphql(
  `
    query Webhooks($accountId: ID!) {
      account(id: $accountId) {
        id
        webhooks(first: 10) {
          nodes {
            ...WebhookParts
          }
        }
      }
    }
  `,
  [WEBHOOK],
)

export const CALLS = graphql(
  `
    query WebhookCalls($webhookId: ID!, $after: String) {
      node(id: $webhookId) {
        ... on Webhook {
          ...WebhookParts
          deliveries(first: 25, after: $after) {
            nodes {
              id
              type
              state
              attempts
              status
              duration
              lastError
              nextAttemptAt
              acceptedAt
              createdAt
            }
            pageInfo {
              endCursor
              hasNextPage
            }
          }
        }
      }
    }
  `,
  [WEBHOOK],
)

export const CREATE = graphql(
  `
    mutation CreateWebhook($input: CreateWebhookInput!) {
      createWebhook(input: $input) {
        webhook {
          ...WebhookParts
        }
        secret
        errors {
          code
          field
          message
          retryAfter
        }
      }
    }
  `,
  [WEBHOOK],
)

export const UPDATE = graphql(
  `
    mutation UpdateWebhook($input: UpdateWebhookInput!) {
      updateWebhook(input: $input) {
        webhook {
          ...WebhookParts
        }
        errors {
          code
          field
          message
          retryAfter
        }
      }
    }
  `,
  [WEBHOOK],
)

export const ROTATE = graphql(
  `
    mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
      rotateWebhookSecret(input: $input) {
        webhook {
          ...WebhookParts
        }
        secret
        errors {
          code
          field
          message
          retryAfter
        }
      }
    }
  `,
  [WEBHOOK],
)

export const PAUSE = graphql(
  `
    mutation PauseWebhook($input: PauseWebhookInput!) {
      pauseWebhook(input: $input) {
        webhook {
          ...WebhookParts
        }
        errors {
          code
          field
          message
          retryAfter
        }
      }
    }
  `,
  [WEBHOOK],
)

export const RESUME = graphql(
  `
    mutation ResumeWebhook($input: ResumeWebhookInput!) {
      resumeWebhook(input: $input) {
        webhook {
          ...WebhookParts
        }
        errors {
          code
          field
          message
          retryAfter
        }
      }
    }
  `,
  [WEBHOOK],
)

export const DELETE = graphql(`
  mutation DeleteWebhook($input: DeleteWebhookInput!) {
    deleteWebhook(input: $input) {
      deletedWebhookId
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)

export const TEST = graphql(`
  mutation TestWebhook($input: TestWebhookInput!) {
    testWebhook(input: $input) {
      result {
        accepted
        status
        duration
        error
        answer
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)

export const REPLAY = graphql(`
  mutation ReplayWebhookDelivery($input: ReplayWebhookDeliveryInput!) {
    replayWebhookDelivery(input: $input) {
      delivery {
        id
        state
        attempts
        nextAttemptAt
        acceptedAt
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)
