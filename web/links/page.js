// The pages that the links in Tenantry's mails lead to. Each page is a list of
// states, of which one is shown; what a page does is one function below.

const SELECTED = 'accountSelection activeAccount { id name } usableMemberships { account { id name } }'
const ERRORS = 'errors { code field message retryAfter }'

// ── The language ────────────────────────────────────────────────────────────

const languageOf = (tag) => ['en', 'de'].find((l) => l === tag?.toLowerCase().split('-')[0])

/** What was chosen in the dashboard, else the browser's. */
function own() {
  let chosen = null
  try {
    chosen = localStorage.getItem('tenantry-language')
  } catch {
    // A browser may keep nothing.
  }
  return languageOf(chosen) ?? navigator.languages.map(languageOf).find(Boolean) ?? 'en'
}

let german = null
const english = new Map() // what was said by an element that says it in German now

/** Says the page in a language: of the browser, or of whom a mail was for. The pages are written in English. */
async function speak(tag) {
  const language = languageOf(tag) ?? own()
  if (language === (german ? 'de' : 'en')) return
  // Without its words the page stays as it is.
  const words = language === 'de' ? await Promise.all([import('/links/german.js'), import('/links/refusals.js')]).catch(() => null) : null
  german = words && { phrases: words[0].phrases, refusals: words[1].german }
  for (const [el, html] of english) el.innerHTML = html
  english.clear()
  if (german) {
    for (const el of document.querySelectorAll('h1, p, label, button, a, dt, title')) {
      const places = {}
      const phrase = el.innerHTML.replace(/<(b|span) data-value="(\w+)"><\/\1>/g, (place, _, name) => ((places[name] = place), `{${name}}`)).replace(/ · Tenantry$/, '')
      const said = Object.hasOwn(german.phrases, phrase) && german.phrases[phrase]
      if (!said) continue
      english.set(el, el.innerHTML)
      if (el.matches('title')) el.textContent = `${said} · Tenantry`
      else el.innerHTML = said.replace(/\{(\w+)\}/g, (_, name) => places[name])
    }
  }
  document.documentElement.lang = german ? 'de' : 'en'
}

/** A phrase in the language of the page, with its values. */
const t = (phrase, values = {}) => (german?.phrases[phrase] ?? phrase).replace(/\{(\w+)\}/g, (_, name) => values[name])

/** Why something was refused, in the language of the page. */
function told({ code, message, retryAfter }) {
  if (!german) return message
  const said = code === 'BAD_INPUT' ? `Bitte prüfen: ${message}` : (german.refusals[code] ?? message)
  if (!retryAfter) return said
  const minutes = Math.ceil(retryAfter / 60)
  return `${said} Versuchen Sie es in ${retryAfter < 60 ? `${retryAfter} Sekunden` : minutes === 1 ? 'einer Minute' : `${minutes} Minuten`} wieder.`
}

// ── The page ────────────────────────────────────────────────────────────────

const sections = [...document.querySelectorAll('[data-state]')]
const shown = () => sections.find((s) => !s.hidden)

/** Shows a state and fills in its values. The focus follows, so that it is read out. */
function show(state, values = {}) {
  for (const s of sections) s.hidden = s.dataset.state !== state
  fill(values)
  const first = !show.before
  show.before = true
  const target = (first && shown().querySelector('input')) || shown().querySelector('h1')
  if (target.matches('h1')) target.tabIndex = -1
  target.focus()
}

function fill(values) {
  for (const [name, value] of Object.entries(values)) {
    for (const el of document.querySelectorAll(`[data-value="${name}"]`)) el.textContent = value
    for (const el of document.querySelectorAll(`[data-optional="${name}"]`)) {
      el.hidden = !value
      for (const input of el.querySelectorAll('input')) input.disabled = !value // what is not shown is not asked for
    }
  }
}

/** What stands behind the # of the link. It goes to no server, and leaves the address bar at once. */
function fragment(name) {
  const value = new URLSearchParams(location.hash.slice(1)).get(name)
  if (!value) return history.state?.[name] ?? null
  history.replaceState({ [name]: value }, '', location.pathname)
  return value
}
addEventListener('hashchange', () => location.reload())

/** What a button with data-do does, one at a time. */
const doing = {}
const on = (actions) => Object.assign(doing, actions)
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]')
  if (!button) return
  fill({ refusal: '' })
  busy(button, doing[button.dataset.do])
})

/** Calls send with the fields of the form in a state that are not empty, and puts refusals beside the fields. */
function submit(state, send) {
  const form = document.querySelector(`[data-state="${state}"] form`)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    refuse(form, [])
    busy(form.querySelector('.actions button'), async () => {
      const fields = [...new FormData(form)].filter(([, value]) => value)
      const refusals = await send(Object.fromEntries(fields))
      refuse(form, refusals ?? [])
    })
  })
}

async function busy(button, work) {
  if (button.getAttribute('aria-disabled')) return
  button.setAttribute('aria-disabled', 'true')
  try {
    await work()
  } catch (error) {
    const form = button.closest('form')
    if (form) refuse(form, [{ message: error.message }])
    else fill({ refusal: error.message, message: error.message })
  } finally {
    button.removeAttribute('aria-disabled')
  }
}

function refuse(form, refusals) {
  for (const place of form.querySelectorAll('[data-error]')) {
    const name = place.dataset.error
    const text = refusals.filter((r) => (known(form, r) ?? '') === name).map(told).join(' ')
    place.textContent = text
    if (!name) {
      place.setAttribute('role', 'alert')
      continue
    }
    const input = form.elements[name]
    place.id ||= `${input.id}-error`
    input.setAttribute('aria-errormessage', place.id)
    if (text) input.setAttribute('aria-invalid', 'true')
    else input.removeAttribute('aria-invalid')
  }
  form.querySelector('[aria-invalid="true"]')?.focus()
}

// The field of the form that a refusal is about, if it is about one.
function known(form, refusal) {
  const name = refusal.field?.at(-1)
  return name && form.querySelector(`[data-error="${CSS.escape(name)}"]`) ? name : null
}

// A page that cannot even begin says so and can be tried again.
async function begin(work) {
  on({ again: () => location.reload() })
  try {
    await work()
  } catch (error) {
    show('lost', { message: error.message })
  }
}

const day = (time) => new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(time))

// ── The API ─────────────────────────────────────────────────────────────────

/** Asks the API and returns its data. A top-level error with a code in `expected` is left to the caller. */
async function ask(query, variables, ...expected) {
  let response, answer
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    answer = await response.json()
  } catch {
    throw new Error(t('The server does not answer. Try again in a moment.'))
  }
  const error = answer.errors?.find((e) => !expected.includes(e.extensions?.code))
  if (error) throw Object.assign(new Error(told({ ...error.extensions, message: error.message })), { code: error.extensions?.code })
  return answer.data ?? {}
}

const READER = 'locale accountName maskedEmail category { label } categories { category { key label description } state }'

/** Runs a mutation with one input and returns its payload. */
async function mutate(name, input, fields) {
  const type = name[0].toUpperCase() + name.slice(1) + 'Input'
  const data = await ask(`mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} ${ERRORS} } }`, { input })
  return data[name]
}

const has = (payload, code) => payload.errors.some((e) => e.code === code)
const text = (payload) => payload.errors.map(told).join(' ')

/** Reads what the link in the foot of a mail shows, and says it as the mail did; null for a link that no longer works. */
async function read(token) {
  const { readerPreferences } = await ask(`query ($token: String!) { readerPreferences(token: $token) { ${READER} } }`, { token }, 'INVALID_TOKEN')
  if (readerPreferences) await speak(readerPreferences.locale)
  for (const a of document.querySelectorAll('[data-link="preferences"]')) a.href = `/preferences#token=${encodeURIComponent(token)}`
  return readerPreferences
}

const said = (reader) => reader && { account: reader.accountName, email: reader.maskedEmail, category: reader.category?.label ?? '' }

async function signOut() {
  await ask('mutation { signOut { signedOut } }')
  location.reload()
}

// ── Proofs ──────────────────────────────────────────────────────────────────

const passkeys = 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential

/** Has the browser answer a ceremony that was begun, and returns what finishes it. */
async function sign(begun) {
  if (begun.errors.length) throw new Error(text(begun))
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.options)
  const credential = await navigator.credentials.get({ publicKey }).catch(() => {
    throw new Error(t('No passkey was used. Try again, or go on in another way.'))
  })
  return { ceremonyId: begun.ceremonyId, credential: credential.toJSON() }
}

/** Signs in by a passkey: without a password, or as the second step after it. */
async function passkeySignIn(finish, go) {
  const begun = await ask('mutation { startPasskeySignIn { ceremonyId options errors { code message retryAfter } } }')
  const p = await finish(await sign(begun.startPasskeySignIn))
  if (p.errors.length) fill({ refusal: text(p) })
  else await go(p)
}

/** Wires the second step of signing in, which either of two mutations finishes with the same payload. */
function finishing({ code, passkey }, go) {
  submit('second', async (input) => {
    const p = await code(input)
    if (p.errors.length) return p.errors
    await go(p)
  })
  on({ signOut, passkey: () => passkeySignIn(passkey, go) })
}

/** Shows the second step with what the person has for it. */
function second(factors) {
  const [app, spare] = [factors.includes('TOTP'), factors.includes('RECOVERY_CODE')]
  const passkey = passkeys && factors.includes('PASSKEY')
  show('second', {
    passkey,
    code: app || spare,
    codes: t(app && spare ? 'Code of your authenticator app, or a recovery code' : app ? 'Code of your authenticator app' : 'A recovery code'),
    stuck: app || spare || passkey ? '' : t('It is a passkey, and this browser cannot use one here. Sign in with another browser.'),
  })
}

/** Wires a fresh proof of whoever is signed in, after which go is called again. */
function proving(go) {
  submit('prove', async (input) => {
    const p = await mutate('reauthenticate', input, 'provedUntil')
    if (p.errors.length) return p.errors
    await go()
  })
  on({
    prove: async () => {
      const begun = await ask('mutation { startPasskeyProof { ceremonyId options errors { code message retryAfter } } }')
      const p = await mutate('finishPasskeyProof', await sign(begun.startPasskeyProof), 'provedUntil')
      if (p.errors.length) fill({ refusal: text(p) })
      else await go()
    },
  })
}

/** Shows it with what the person has for it. */
async function prove() {
  const { viewer } = await ask('{ viewer { email twoFactor { enabledAt authenticatorAddedAt } passkeys { id } } }')
  const { enabledAt, authenticatorAddedAt } = viewer.twoFactor
  const passkey = passkeys && viewer.passkeys.length
  show('prove', { email: viewer.email, passkey, form: !enabledAt || authenticatorAddedAt, password: !enabledAt, code: enabledAt && authenticatorAddedAt })
}

// ── Providers ───────────────────────────────────────────────────────────────

/** A button that leads to a provider. */
function elsewhere({ key, label }) {
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet', textContent: t('Continue with {label}', { label }) })
  button.addEventListener('click', () =>
    busy(button, async () => {
      const p = await mutate('startOpenIdSignIn', { provider: key }, 'url')
      if (p.errors.length) fill({ elsewhere: text(p) })
      else location.assign(p.url)
    }),
  )
  return button
}

// ── The pages ───────────────────────────────────────────────────────────────

const pages = {
  async 'sign-in'() {
    const enter = (account) => show('in', { account: account.name })
    const none = t('You belong to no account yet.')
    submit('form', async (input) => {
      const p = await mutate('signIn', input, `secondFactors viewer { id invitations { id account { name } } } ${SELECTED}`)
      if (p.errors.length) return p.errors
      if (p.secondFactors.length) return second(p.secondFactors)
      arrive(p)
    })
    finishing(
      {
        code: (input) => mutate('verifyTwoFactor', input, `viewer { id invitations { id account { name } } } ${SELECTED}`),
        passkey: (input) => mutate('finishPasskeySignIn', input, `viewer { id invitations { id account { name } } } ${SELECTED}`),
      },
      arrive,
    )

    function arrive(p) {
      if (p.activeAccount) return enter(p.activeAccount)
      if (p.accountSelection === 'NONE') {
        const names = p.viewer.invitations.map((i) => i.account.name).join(', ')
        return show('none', { waiting: names ? t('These accounts have invited you: {names}. Open the link in the mail to join.', { names }) : none })
      }
      const list = document.querySelector('[data-list="accounts"]')
      list.replaceChildren(
        ...p.usableMemberships.map(({ account }) => {
          const button = Object.assign(document.createElement('button'), { type: 'button', textContent: account.name })
          button.addEventListener('click', () =>
            busy(button, async () => {
              const s = await mutate('switchAccount', { accountId: account.id }, 'account { name }')
              if (s.errors.length) fill({ refusal: text(s) })
              else enter(s.account)
            }),
          )
          const item = document.createElement('li')
          item.append(button)
          return item
        }),
      )
      show('choose')
    }
    await begin(async () => {
      const { viewer, pendingSignIn, signInProviders } = await ask('{ viewer { name email } pendingSignIn { secondFactors } signInProviders { key label } }')
      document.querySelector('[data-list="providers"]').replaceChildren(...signInProviders.map(elsewhere))
      if (viewer) show('already', viewer)
      else if (pendingSignIn) second(pendingSignIn.secondFactors)
      else show('form', { passkeys })
    })
  },

  // Where a provider sends people back to. The address has a code in it, which leaves the address bar at once.
  async 'openid/callback'() {
    const answer = new URLSearchParams(location.search)
    history.replaceState(null, '', location.pathname)
    let done, pending

    const goOn = () => location.replace(done)
    async function connect() {
      if (!pending) return goOn()
      const p = await mutate('linkIdentity', { linkId: pending.id }, 'identity { id }')
      if (has(p, 'REAUTH_REQUIRED')) return prove()
      if (p.errors.length) return show('refused', { message: text(p) })
      goOn()
    }

    submit('link', async ({ password }) => {
      const p = await mutate('signIn', { email: pending.email, password }, 'viewer { id } secondFactors')
      if (p.errors.length) return p.errors
      if (p.secondFactors.length) return second(p.secondFactors)
      await connect()
    })
    finishing(
      {
        code: (input) => mutate('verifyTwoFactor', input, 'viewer { id }'),
        passkey: (input) => mutate('finishPasskeySignIn', input, 'viewer { id }'),
      },
      connect,
    )
    proving(connect)
    // The answer in the address was used, so there is nothing here to come back to.
    on({ signOut: async () => (await ask('mutation { signOut { signedOut } }'), location.replace('/sign-in')) })

    await begin(async () => {
      if (answer.has('error')) {
        const declined = answer.get('error') === 'access_denied'
        return show('refused', { message: t(declined ? 'It was declined there, or given up.' : 'It could not be done there.') })
      }
      if (!answer.has('code')) return show('refused', { message: t('This page finishes a sign-in, and there is none to finish.') })
      const input = { code: answer.get('code'), state: answer.get('state') ?? '', issuer: answer.get('iss') }
      const p = await mutate('finishOpenIdSignIn', input, 'viewer { id } secondFactors returnTo pendingLink { id email }')
      if (p.errors.length) return show('refused', { message: text(p) })
      done = p.returnTo
      pending = p.pendingLink
      if (p.secondFactors.length) return second(p.secondFactors)
      if (!pending) return goOn()
      const { viewer } = await ask('{ viewer { email } }')
      if (viewer?.email === pending.email) await connect()
      else show('link', pending)
    })
  },

  'forgot-password'() {
    submit('form', async (input) => {
      const p = await mutate('requestPasswordReset', input, 'mailed')
      if (p.errors.length) return p.errors
      show('mailed', { email: input.email })
    })
    show('form')
  },

  'reset-password'() {
    const token = fragment('token')
    if (!token) return show('nolink')
    submit('form', async (input) => {
      const p = await mutate('resetPassword', { token, ...input }, 'reset')
      if (has(p, 'INVALID_TOKEN')) return show('invalid')
      if (p.errors.length) return p.errors
      history.replaceState(null, '')
      show('done')
    })
    show('form')
  },

  'sign-up'() {
    const token = fragment('token')
    submit('ask', async (input) => {
      const p = await mutate('signUp', input, 'mailed')
      if (p.errors.length) return p.errors
      show('mailed', { email: input.email })
    })
    submit('form', async (input) => {
      const p = await mutate('completeSignUp', { token, ...input }, 'viewer { name invitations { account { name } } }')
      if (has(p, 'INVALID_TOKEN')) return show('invalid')
      if (p.errors.length) return p.errors
      history.replaceState(null, '')
      const names = p.viewer.invitations.map((i) => i.account.name).join(', ')
      show('done', { name: p.viewer.name, waiting: names ? t('These accounts have invited you: {names}.', { names }) : '' })
    })
    show(token ? 'form' : 'ask')
  },

  async invitation() {
    const token = fragment('token')
    if (!token) return show('nolink')
    let viewer, invitation, values

    // Returns refusals that belong beside a field; shows what comes of all others.
    async function accept(person = {}) {
      const p = await mutate(
        'acceptInvitation',
        { token, ...person },
        'membership { account { name } } mailed maskedInvitedEmail',
      )
      if (p.mailed) return show('mailed')
      if (p.membership) {
        history.replaceState(null, '')
        return show('in', { account: p.membership.account.name })
      }
      if (has(p, 'INVITATION_EMAIL_MISMATCH')) return show('mismatch', { ...values, invited: p.maskedInvitedEmail ?? t('another address') })
      return ended(p) || p.errors
    }

    async function decline() {
      const p = await mutate('declineInvitation', { token }, 'declinedInvitationId')
      if (p.declinedInvitationId) return show('declined', values)
      if (has(p, 'INVITATION_EMAIL_MISMATCH')) return show('mismatch', { ...values, invited: invitation.maskedEmail ?? t('another address') })
      if (!ended(p)) fill({ refusal: text(p) })
    }

    function ended(p) {
      const state = {
        INVITATION_USED: 'ACCEPTED',
        INVITATION_DECLINED: 'DECLINED',
        INVITATION_CANCELED: 'CANCELED',
        INVITER_LOST_RIGHTS: 'CANCELED',
        INVITATION_EXPIRED: 'EXPIRED',
        INVALID_TOKEN: 'invalid',
      }[p.errors[0]?.code]
      if (state) show(state, values)
      return state
    }

    function signIn() {
      show('signIn', {
        how: t(invitation.hasUser ? 'Sign in with that address to accept.' : 'Sign in with the address that was invited.'),
        decline: invitation.handedOver ? '' : 'yes',
      })
    }

    on({
      signIn,
      decline,
      accept: async () => {
        const refusals = await accept()
        if (refusals?.length) fill({ refusal: refusals.map(told).join(' ') })
      },
    })
    submit('signIn', async (input) => {
      const p = await mutate('signIn', input, 'secondFactors viewer { name email }')
      if (p.errors.length) return p.errors
      if (p.secondFactors.length) return second(p.secondFactors)
      await arrive(p)
    })
    finishing(
      {
        code: (input) => mutate('verifyTwoFactor', input, 'viewer { name email }'),
        passkey: (input) => mutate('finishPasskeySignIn', input, 'viewer { name email }'),
      },
      arrive,
    )
    async function arrive(p) {
      viewer = p.viewer
      Object.assign(values, viewer)
      const refusals = await accept()
      if (!refusals?.length) return
      show('signedIn', { ...values, refusal: refusals.map(told).join(' ') })
    }
    submit('new', accept)

    await begin(async () => {
      const data = await ask(
        `query ($token: String!) {
          viewer { name email }
          pendingSignIn { secondFactors }
          invitation(token: $token) { accountName inviterName roleNames state expiresAt accessEndsAt maskedEmail hasUser handedOver }
        }`,
        { token },
        'INVALID_TOKEN',
      )
      ;({ viewer, invitation } = data)
      if (!invitation) return show('invalid')
      values = {
        ...viewer,
        account: invitation.accountName,
        inviter: invitation.inviterName || t('Somebody there'),
        roles: invitation.roleNames.join(', ') || t('Member'),
        address: invitation.maskedEmail ?? '',
        until: day(invitation.expiresAt),
        ends: invitation.accessEndsAt ? day(invitation.accessEndsAt) : '',
      }
      fill(values)
      if (invitation.state !== 'PENDING') show(invitation.state)
      else if (viewer) show('signedIn')
      else if (data.pendingSignIn) second(data.pendingSignIn.secondFactors)
      else if (invitation.handedOver) show('handedOver')
      else if (invitation.hasUser) signIn()
      else show('new')
    })
  },

  async unsubscribe() {
    const token = new URLSearchParams(location.search).get('token')
    if (!token) return show('nolink')
    await begin(async () => {
      const reader = await read(token)
      if (!reader) return show('invalid')
      show('ask', said(reader))
    })
  },

  async 'unsubscribe/done'() {
    // The token is still in the address, to which the form was posted.
    const token = new URLSearchParams(location.search).get('token')
    const reader = token && (await read(token).catch(() => null))
    show('done', said(reader) ?? {})
  },

  'unsubscribe/invalid'() {
    show('invalid')
  },

  async preferences() {
    const token = fragment('token')
    if (!token) return show('nolink')
    await begin(async () => {
      const reader = await read(token)
      if (!reader) return show('invalid')
      const list = document.querySelector('[data-list="categories"]')
      const draw = ({ categories }) => {
        list.replaceChildren(...categories.map(({ category, state }) => {
          const item = document.createElement('li')
          const label = document.createElement('label')
          const box = Object.assign(document.createElement('input'), { type: 'checkbox', name: category.key, checked: state !== 'UNSUBSCRIBED', disabled: state === 'REQUIRED' })
          const name = Object.assign(document.createElement('b'), { textContent: category.label })
          const what = Object.assign(document.createElement('small'), { textContent: category.description + (state === 'REQUIRED' ? ` ${t('Part of the service.')}` : '') })
          label.append(box, name, what)
          item.append(label)
          return item
        }))
      }
      const boxes = () => [...list.querySelectorAll('input:not(:disabled)')]
      const save = async () => {
        const unsubscribedFrom = boxes().filter((b) => !b.checked).map((b) => b.name)
        const p = await mutate('setReaderPreferences', { token, unsubscribedFrom }, `preferences { ${READER} }`)
        if (has(p, 'INVALID_TOKEN')) return show('invalid')
        if (p.errors.length) return p.errors
        draw(p.preferences)
        fill({ saved: t('Saved.') })
      }
      draw(reader)
      list.addEventListener('change', () => fill({ saved: '' }))
      submit('choose', save)
      on({
        none: async () => {
          for (const b of boxes()) b.checked = false
          await save()
        },
      })
      show(reader.categories.length ? 'choose' : 'empty', said(reader))
    })
  },

  'verify-contact'() {
    const token = fragment('token')
    if (!token) return show('nolink')
    const answered = async (p, state) => {
      if (has(p, 'INVALID_TOKEN')) show('invalid')
      else if (p.errors.length) fill({ refusal: text(p) })
      else {
        await speak(p.preferences.locale)
        show(state, said(p.preferences))
      }
    }
    on({
      yes: async () => await answered(await mutate('verifyContact', { token }, 'preferences { locale accountName maskedEmail }'), 'yes'),
      no: async () => await answered(await mutate('disownContact', { token }, 'preferences { locale accountName maskedEmail }'), 'no'),
    })
    show('ask')
  },

  'unknown-sender'() {
    const token = fragment('token')
    if (!token) return show('nolink')
    on({
      report: async () => {
        const p = await mutate('reportInvitation', { token }, 'blocked')
        if (has(p, 'INVALID_TOKEN')) show('invalid')
        else if (p.errors.length) fill({ refusal: text(p) })
        else show('done')
      },
    })
    show('ask')
  },

  'not-me'() {
    const token = fragment('token')
    if (!token) return show('nolink')
    on({
      deny: async () => {
        const p = await mutate('denyActivity', { token }, 'denied')
        if (has(p, 'CONFLICT')) show('again')
        else if (has(p, 'INVALID_TOKEN')) show('invalid')
        else if (p.errors.length) fill({ refusal: text(p) })
        else show('done')
      },
    })
    show('ask')
  },

  async 'confirm-email'() {
    const token = fragment('token')
    if (!token) return show('nolink')

    async function look() {
      const { viewer, pendingSignIn } = await ask('{ viewer { name email } pendingSignIn { secondFactors } }')
      if (viewer) show('ask', viewer)
      else if (pendingSignIn) second(pendingSignIn.secondFactors)
      else show('signIn')
    }

    on({
      confirm: async () => {
        const p = await mutate('confirmEmailChange', { token }, 'viewer { email }')
        if (has(p, 'INVALID_TOKEN')) return show('invalid')
        if (has(p, 'CONFLICT')) return show('taken')
        if (p.errors.length) return fill({ refusal: text(p) })
        history.replaceState(null, '')
        show('done', { email: p.viewer.email })
      },
    })
    submit('signIn', async (input) => {
      const p = await mutate('signIn', input, 'viewer { name }')
      if (p.errors.length) return p.errors
      await look()
    })
    finishing(
      {
        code: (input) => mutate('verifyTwoFactor', input, 'viewer { name }'),
        passkey: (input) => mutate('finishPasskeySignIn', input, 'viewer { name }'),
      },
      look,
    )
    await begin(look)
  },

  'undo-email'() {
    const token = fragment('token')
    if (!token) return show('nolink')
    on({
      undo: async () => {
        const p = await mutate('undoEmailChange', { token }, 'undone')
        if (has(p, 'INVALID_TOKEN')) return show('invalid', { why: text(p) })
        if (has(p, 'CONFLICT')) return show('taken')
        if (p.errors.length) return fill({ refusal: text(p) })
        history.replaceState(null, '')
        show('done')
      },
    })
    show('ask')
  },

  async transfer() {
    const id = fragment('id')
    if (!id) return show('nolink')
    let offer
    const why = {
      ACCEPTED: t('It was accepted.'),
      DECLINED: t('It was declined.'),
      CANCELED: t('It was taken back or stopped.'),
      EXPIRED: t('Nobody answered in time. Ask the owner to offer it again.'),
    }

    async function look() {
      const { viewer, node, pendingSignIn } = await ask(
        `query ($id: ID!) {
          viewer { id name email }
          pendingSignIn { secondFactors }
          node(id: $id) {
            ... on OwnershipTransfer { state expiresAt takesEffectAt account { name } from { id name } to { id name } }
          }
        }`,
        { id },
        'UNAUTHENTICATED',
        'TWO_FACTOR_REQUIRED',
        'NOT_FOUND',
      )
      if (pendingSignIn) return second(pendingSignIn.secondFactors)
      if (!viewer) return show('signIn')
      fill({ viewer: `${viewer.name}, ${viewer.email}` })
      if (!node?.to) return show('other')
      const nominee = node.to.id === viewer.id
      if (!nominee && !node.takesEffectAt) return show('other')
      offer = { account: node.account?.name ?? t('The account'), from: node.from.name, to: node.to.name, until: day(node.takesEffectAt ?? node.expiresAt) }
      if (node.takesEffectAt) why.ACCEPTED = t('It has taken effect.')
      if (node.state !== 'PENDING') return show('ended', { why: why[node.state] })
      if (!node.takesEffectAt) return show('offer', offer)
      show(nominee ? 'assigned' : node.from.id === viewer.id ? 'objection' : 'announced', offer)
    }

    const input = { transferId: id }
    function answered(p, state) {
      if (p.errors.length) fill({ refusal: text(p) })
      else show(state, offer)
    }

    async function accept() {
      const p = await mutate('acceptOwnershipTransfer', input, 'transfer { id }')
      if (has(p, 'REAUTH_REQUIRED')) return prove()
      if (p.errors.length && shown().dataset.state === 'prove') show('offer', offer)
      answered(p, 'done')
    }

    on({
      accept,
      decline: async () => answered(await mutate('declineOwnershipTransfer', input, 'transfer { id }'), 'declined'),
      stop: async () => answered(await mutate('cancelOwnershipTransfer', input, 'transfer { id }'), 'stopped'),
    })
    submit('signIn', async (input) => {
      const p = await mutate('signIn', input, 'viewer { id }')
      if (p.errors.length) return p.errors
      await look()
    })
    finishing(
      {
        code: (input) => mutate('verifyTwoFactor', input, 'viewer { id }'),
        passkey: (input) => mutate('finishPasskeySignIn', input, 'viewer { id }'),
      },
      look,
    )
    proving(accept)
    await begin(look)
  },
}

await speak(own())
pages[document.body.dataset.page]()
