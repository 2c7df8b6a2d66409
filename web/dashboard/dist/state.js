import{l as e}from"./react.js";import{E as t,T as n,j as r}from"./base.js";import{t as i}from"./Badge.js";var a=r(`
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
`),o=r(`
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
  `,[a]),s=r(`
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
  `,[a]),c=r(`
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
  `,[a]),l=r(`
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
  `,[a]),u=r(`
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
  `,[a]),d=r(`
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
  `,[a]),f=r(`
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
  `,[a]),p=r(`
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
`),m=r(`
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
`),h=r(`
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
`),g={access:`refused reviewed`,account:`closed created number_set owner_changed owner_fallback_set policies_changed policies_reminded reinstated reopened sub_account_created suspended updated`,api_token:`created revoked`,contact:`complained created deleted disowned linked login_revoked resubscribed suppressed suppression_cleared unlinked unsubscribed updated verification_requested verified`,delivery:`retried`,invitation:`accepted canceled confirmation_requested declined reminded reported resent sent`,member:`access_end_set access_ended access_ending deactivated joined left permissions_changed reactivated removed`,notification:`sent tested`,ownership_transfer:`accepted canceled declined noticed requested`,role:`created deleted updated`,webhook:`created deleted delivery_replayed paused resumed secret_rotated stopped tested updated`},_=e(),v=t({en:{ACTIVE:`Called`,failing:`Calls fail`,PAUSED:`Paused`,FAILING:`Switched off`,all:`Everything that happens`,notifications:`notifications`,nothing:`nothing`,groups:e=>({access:`Refusals`,account:`The account`,api_token:`API tokens`,contact:`Contacts`,delivery:`Deliveries`,invitation:`Invitations`,member:`Members`,notification:`Notifications`,ownership_transfer:`Ownership`,role:`Roles`,webhook:`Webhooks`})[e]??e},de:{ACTIVE:`Wird aufgerufen`,failing:`Aufrufe schlagen fehl`,PAUSED:`Angehalten`,FAILING:`Abgeschaltet`,all:`Alles, was geschieht`,notifications:`Benachrichtigungen`,nothing:`nichts`,groups:e=>({access:`Abgewiesenes`,account:`Das Konto`,api_token:`API-Tokens`,contact:`Kontakte`,delivery:`Zustellungen`,invitation:`Einladungen`,member:`Mitglieder`,notification:`Benachrichtigungen`,ownership_transfer:`Besitz`,role:`Rollen`,webhook:`Webhooks`})[e]??e}}),y=Object.keys(g),b=()=>n(v).groups;function x({webhook:e,size:t}){let r=n(v),a=e.state===`ACTIVE`&&e.firstFailureAt,o=e.state===`FAILING`?`red`:a?`yellow`:e.state===`ACTIVE`?`green`:`gray`;return(0,_.jsx)(i,{size:t,variant:`light`,color:o,children:a?r.failing:r[e.state]})}function S(){let e=n(v);return t=>[...t.events.map(t=>t===`*`?e.all:t.endsWith(`.*`)?e.groups(t.slice(0,-2)):t),...t.notifications?[e.notifications]:[]].join(` · `)||e.nothing}export{g as a,p as c,f as d,u as f,o as h,S as i,d as l,l as m,y as n,s as o,m as p,b as r,c as s,x as t,h as u};