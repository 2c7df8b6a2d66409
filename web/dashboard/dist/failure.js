import{l as e}from"./react.js";import{D as t,I as n,O as r,k as i}from"./base.js";import{t as a}from"./Badge.js";var o=n(`
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
`),s=n(`
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
  `,[o]),c=n(`
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
  `,[o]),l=n(`
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
  `,[o]),u=n(`
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
  `,[o]),d=n(`
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
  `,[o]),f=n(`
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
  `,[o]),p=n(`
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
  `,[o]),m=n(`
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
`),h=n(`
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
`),g=n(`
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
`),_={access:`refused reviewed`,account:`closed created number_set owner_changed owner_fallback_set policies_changed policies_reminded reinstated reopened sub_account_created suspended updated`,api_token:`created revoked`,contact:`complained created deleted disowned linked login_revoked resubscribed suppressed suppression_cleared unlinked unsubscribed updated verification_requested verified`,delivery:`retried`,invitation:`accepted canceled confirmation_requested declined reminded reported resent sent`,member:`access_end_set access_ended access_ending deactivated joined left permissions_changed reactivated removed`,notification:`sent tested`,ownership_transfer:`accepted canceled declined noticed requested`,role:`created deleted updated`,webhook:`created deleted delivery_replayed paused resumed secret_rotated stopped tested updated`},v=e(),y=i({en:{ACTIVE:`Called`,failing:`Calls fail`,PAUSED:`Paused`,FAILING:`Switched off`,all:`Everything that happens`,notifications:`notifications`,nothing:`nothing`,groups:e=>({access:`Refusals`,account:`The account`,api_token:`API tokens`,contact:`Contacts`,delivery:`Deliveries`,invitation:`Invitations`,member:`Members`,notification:`Notifications`,ownership_transfer:`Ownership`,role:`Roles`,webhook:`Webhooks`})[e]??e},de:{ACTIVE:`Wird aufgerufen`,failing:`Aufrufe schlagen fehl`,PAUSED:`Angehalten`,FAILING:`Abgeschaltet`,all:`Alles, was geschieht`,notifications:`Benachrichtigungen`,nothing:`nichts`,groups:e=>({access:`Abgewiesenes`,account:`Das Konto`,api_token:`API-Tokens`,contact:`Kontakte`,delivery:`Zustellungen`,invitation:`Einladungen`,member:`Mitglieder`,notification:`Benachrichtigungen`,ownership_transfer:`Besitz`,role:`Rollen`,webhook:`Webhooks`})[e]??e}}),b=Object.keys(_),x=()=>r(y).groups;function S({webhook:e,size:t}){let n=r(y),i=e.state===`ACTIVE`&&e.firstFailureAt,o=e.state===`FAILING`?`red`:i?`yellow`:e.state===`ACTIVE`?`green`:`gray`;return(0,v.jsx)(a,{size:t,variant:`light`,color:o,children:i?n.failing:n[e.state]})}function C(){let e=r(y);return t=>[...t.events.map(t=>t===`*`?e.all:t.endsWith(`.*`)?e.groups(t.slice(0,-2)):t),...t.notifications?[e.notifications]:[]].join(` · `)||e.nothing}var w=[[/^The receiver answered (\d+)\. Redirects are not followed.*/,`Der Empfänger antwortete mit $1. Weiterleitungen wird nicht gefolgt: Nennen Sie die Adresse, auf die sie führt.`],[/^The receiver answered 410: it wants no calls any more\.$/,`Der Empfänger antwortete mit 410: Er will keine Aufrufe mehr.`],[/^The receiver answered (\d+)\.$/,`Der Empfänger antwortete mit $1.`],[/^No answer came in time\.$/,`Es kam nicht rechtzeitig eine Antwort.`],[/^The address leads to where no calls go.*/,`Die Adresse führt dorthin, wohin keine Aufrufe gehen: Empfänger sind im Internet.`],[/^The address cannot be called\.$/,`Die Adresse lässt sich nicht aufrufen.`],[/^The receiver's certificate was not accepted: (.*)$/,`Das Zertifikat des Empfängers wurde nicht angenommen: „$1“`],[/^The receiver speaks no TLS.*/,`Der Empfänger spricht kein TLS, das neu genug ist: Aufrufe nehmen TLS 1.2 oder 1.3.`],[/^There is no machine of this name\.$/,`Es gibt keinen Rechner dieses Namens.`],[/^The name of the receiver could not be looked up\.$/,`Der Name des Empfängers ließ sich nicht nachschlagen.`],[/^The receiver could not be reached, or broke off\.$/,`Der Empfänger war nicht erreichbar oder brach ab.`],[/^The call would be larger than (\d+) kB\.$/,`Der Aufruf wäre größer als $1 kB.`]];function T(){let{language:e}=t();return t=>{let n=e===`de`&&w.find(([e])=>e.test(t));return n?t.replace(...n):t}}export{C as a,l as c,g as d,p as f,s as g,u as h,x as i,m as l,h as m,S as n,_ as o,d as p,b as r,c as s,T as t,f as u};