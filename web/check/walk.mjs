// Walks through the story in a browser, against a server with demo data that
// was just started: every step of the playground, then the mail, the link in
// it, and the person who follows it. Fails if a step is refused, if a page
// complains, or if a request leaves the server. At the end somebody's device signs in:
// the server's public address has to be a name for that.
//
//   node walk.mjs [http://localhost:8080] [folder for screenshots]
//
// With OPERATOR_TOKEN, a token with every power, it walks through what the company does as well.
import { ask, base, end, expect, link, person as somebody, screens, totp } from './browser.mjs'

const newcomer = 'newcomer@northwind.example'

/** Opens a page of somebody's own browser. */
const person = (options = {}) => somebody({ viewport: { width: 1440, height: 860 }, ...options })

async function picture(page, name) {
  if (screens) await page.screenshot({ path: `${screens}/${name}.png` })
}

/** Every `code` in an answer, wherever it is. */
const codes = (v) =>
  Array.isArray(v) ? v.flatMap(codes) : v && typeof v === 'object' ? Object.entries(v).flatMap(([k, x]) => (k === 'code' ? [x] : codes(x))) : []

/** Clicks a step of the panel, presses play, and returns the answer. */
async function step(page, title) {
  await page.locator('.start li button', { has: page.getByText(title, { exact: true }) }).click()
  await page.waitForTimeout(600)
  const answered = page.waitForResponse((r) => r.url() === `${base}/graphql` && r.request().postDataJSON().operationName)
  await page.click('.graphiql-execute-button')
  const answer = await (await answered).json()
  const refused = codes(answer)
  expect(`${title}${refused.length ? `: ${refused}` : ''}`, !answer.errors && !refused.length)
  if (answer.errors || refused.length) console.log(JSON.stringify(answer, null, 1))
  await page.waitForTimeout(300)
  return answer.data
}

/** Runs the step that listens, has something happen, and sees it. */
async function watch(page) {
  await page.locator('.start li button', { has: page.getByText('Watch', { exact: true }) }).click()
  await page.waitForTimeout(600)
  const open = page.waitForEvent('websocket')
  await page.click('.graphiql-execute-button')
  const told = (await open).waitForEvent('framereceived', { predicate: (f) => f.payload.includes('"next"'), timeout: 20_000 })
  // Listening begins some time after the connection does.
  let heard = false
  void told.then(() => (heard = true), () => {})
  for (let i = 0; i < 40 && !heard; i++) {
    await ask(page, `mutation ($id: ID!, $name: String!) { updateAccount(input: { accountId: $id, name: $name }) { errors { code } } }`, { id: accountId, name: i % 2 ? 'Northwind Trading' : 'Northwind Trade' })
    await page.waitForTimeout(250)
  }
  await told
  await ask(page, `mutation ($id: ID!, $name: String!) { updateAccount(input: { accountId: $id, name: $name }) { errors { code } } }`, { id: accountId, name: 'Northwind Trading' })
  await page.locator('.result-window', { hasText: 'account.updated' }).waitFor()
  expect('Watch: what happens is seen', true)
  await picture(page, 'watch')
  await page.click('.graphiql-execute-button')
}

/** Invites as somebody who is signed in, and returns the link if it is to be handed over. */
async function invite(page, input) {
  const { data } = await ask(
    page,
    'mutation ($input: InviteUsersInput!) { inviteUsers(input: $input) { results { link } } }',
    { input: { accountId, ...input } },
  )
  return data.inviteUsers.results[0].link
}

/** Looks at a page as it is on a desk and in a hand, by day and by night: nothing is cut off, and nothing hides in its background. */
async function looks(page, name) {
  const was = page.viewportSize()
  for (const [where, viewport] of [['desk', { width: 1280, height: 800 }], ['phone', { width: 360, height: 740 }]]) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      const wrong = await page.evaluate(unreadable)
      expect(`${name} on a ${where}, ${colorScheme}${wrong.length ? `: ${wrong}` : ''}`, !wrong.length)
      await picture(page, `${name}-${where}-${colorScheme}`)
    }
  }
  await page.setViewportSize(was)
  await page.emulateMedia({ colorScheme: null })
}

/** In the page: what reaches beyond the edge, is too small to touch, or has less contrast than 4.5. */
function unreadable() {
  const wrong = []
  if (document.documentElement.scrollWidth > innerWidth) wrong.push('wider than the window')
  const parse = (color) => (color.match(/[\d.]+/g) ?? []).map(Number)
  const light = ([r, g, b]) => [r, g, b].map((c) => ((c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
  const behind = (el) => {
    for (; el; el = el.parentElement) {
      const color = parse(getComputedStyle(el).backgroundColor)
      if (color.length === 3 || color[3] === 1) return color
    }
    return [255, 255, 255]
  }
  for (const el of document.querySelectorAll('main *')) {
    const box = el.getBoundingClientRect()
    const own = [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
    if (!box.width || !(own || el.matches('input'))) continue
    const [a, b] = [light(parse(getComputedStyle(el).color)), light(behind(el))].sort((x, y) => y - x)
    if ((a + 0.05) / (b + 0.05) < 4.5) wrong.push(`${el.textContent.trim() || el.name} cannot be read`)
    const touched = (el.matches('input') && el.closest('label')) || el // what a finger may hit
    if (el.matches('button:not(.link), .button, input') && touched.getBoundingClientRect().height < 40) wrong.push(`${el.textContent.trim() || el.name} is ${box.height} high`)
  }
  return wrong
}

const state = (page, name) => page.waitForSelector(`[data-state="${name}"]:not([hidden])`)

const { email, password, accountId } = await (await fetch(`${base}/playground/demo.json`)).json()

const olivia = await person()
await olivia.goto(`${base}/playground`)
await olivia.waitForSelector('.graphiql-query-editor .view-line')
await olivia.waitForTimeout(1500)
const titles = await olivia.locator('.start li button b').allTextContents()
for (const title of titles) {
  if (title === 'Watch') {
    await watch(olivia)
    continue
  }
  if (title === 'Preview an invitation') await link(newcomer, '/invitation')
  const data = await step(olivia, title)
  if (title === 'Preview an invitation') expect('the link in the mail works', data?.invitation?.state === 'PENDING')
  if (title === 'What may I do here') await picture(olivia, 'playground')
  if (title === 'Who gets what') await picture(olivia, 'who-gets-what')
}

await olivia.goto(`${base}/dev/mail`)
await olivia.locator('#list .row').filter({ hasText: newcomer }).first().click()
await olivia.waitForTimeout(800)
await picture(olivia, 'mailbox')

const address = await link(newcomer, '/invitation')
await olivia.goto(address)
await state(olivia, 'signedIn')
await olivia.click('[data-state="signedIn"] [data-do="accept"]')
await state(olivia, 'mismatch')
expect('the wrong person is told so', true)

const nina = await person({ viewport: { width: 390, height: 844 } })
await nina.goto(address)
await state(nina, 'new')
expect('the token leaves the address bar', nina.url() === `${base}/invitation`)
await nina.reload()
await state(nina, 'new')
await nina.fill('[data-state="new"] [name="password"]', 'password123')
await nina.click('[data-state="new"] .actions button:not([data-do])')
await nina.waitForSelector('[data-state="new"] [data-error="password"]:not(:empty)')
expect('a weak password is refused beside its field', true)
await picture(nina, 'invitation')
await nina.fill('[data-state="new"] [name="name"]', 'Nina Newcomer')
await nina.fill('[data-state="new"] [name="password"]', 'otter lantern gravel 42')
await nina.click('[data-state="new"] .actions button:not([data-do])')
await state(nina, 'in')
expect('the newcomer is in', true)

const again = await person()
await again.goto(address)
await state(again, 'ACCEPTED')
expect('the link says that it was used', true)

await again.goto(`${base}/forgot-password`)
await again.fill('[name="email"]', newcomer)
await again.click('form .actions button')
await state(again, 'mailed')
await again.goto(await link(newcomer, '/reset-password'))
await again.fill('[name="newPassword"]', 'walnut harbour violin 17')
await again.click('form .actions button')
await state(again, 'done')
await again.goto(`${base}/sign-in`)
await again.fill('[name="email"]', newcomer)
await again.fill('[name="password"]', 'walnut harbour violin 17')
await again.click('form .actions button')
await state(again, 'in')
expect('a new password by mail', true)

const stranger = await person({ colorScheme: 'dark' })
await stranger.goto(`${base}/sign-up`)
await stranger.fill('[data-state="ask"] [name="email"]', 'stranger@elsewhere.example')
await stranger.click('[data-state="ask"] .actions button')
await state(stranger, 'mailed')
await stranger.goto(await link('stranger@elsewhere.example', '/sign-up'))
await stranger.fill('[data-state="form"] [name="name"]', 'Sam Stranger')
await stranger.fill('[data-state="form"] [name="password"]', 'walnut harbour violin 17')
await stranger.click('[data-state="form"] .actions button')
await state(stranger, 'done')
expect('a stranger signs up', true)

const handed = 'handed@northwind.example'
const guest = await person()
await guest.goto(await invite(olivia, { emails: [{ email: handed }], sendEmail: false }))
await state(guest, 'handedOver')
await guest.click('[data-state="handedOver"] [data-do="accept"]')
await state(guest, 'mailed')
await guest.goto(await link(handed, '/invitation'))
await state(guest, 'new')
await guest.click('[data-state="new"] [data-do="decline"]')
await state(guest, 'declined')
expect('a link that was handed over leads to a mail', true)

const unknown = 'unknown@elsewhere.example'
await invite(olivia, { emails: [{ email: unknown }] })
await guest.goto(await link(unknown, '/unknown-sender'))
await state(guest, 'ask')
await guest.click('[data-do="report"]')
await state(guest, 'done')
expect('a sender nobody knows is stopped', true)

// The company hands the account over, since its owner is said to be gone; she is
// there, and stops it.
if (process.env.OPERATOR_TOKEN) {
  const operator = async (query, variables) =>
    (
      await fetch(`${base}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${process.env.OPERATOR_TOKEN}` },
        body: JSON.stringify({ query, variables }),
      })
    ).json()
  const { data } = await operator('query ($a: ID!) { account(id: $a) { memberships(state: ACTIVE) { nodes { id isOwner email roles { name } } } } }', { a: accountId })
  const nominee = data.account.memberships.nodes.find((m) => !m.isOwner && m.email === newcomer)
  const started = await operator(
    'mutation ($input: RequestOwnershipTransferInput!) { requestOwnershipTransfer(input: $input) { transfer { takesEffectAt } errors { code } } }',
    { input: { accountId, membershipId: nominee.id } },
  )
  expect('the company starts a transfer', !codes(started).length && started.data.requestOwnershipTransfer.transfer)
  const page = await link(newcomer, '/transfer')
  await again.goto(page)
  await state(again, 'assigned')
  expect('the nominee may decline', true)
  const owner = await person()
  await owner.goto(await link(email, '/transfer'))
  await state(owner, 'signIn')
  await owner.fill('[data-state="signIn"] [name="email"]', email)
  await owner.fill('[data-state="signIn"] [name="password"]', password)
  await owner.click('[data-state="signIn"] .actions button')
  await state(owner, 'objection')
  await picture(owner, 'transfer-objection')
  await owner.click('[data-do="stop"]')
  await state(owner, 'stopped')
  expect('the owner keeps the account', true)
  await again.reload()
  await state(again, 'ended')
  expect('the nominee is told that it is over', true)
  const shop = await operator(
    'mutation ($input: ProvisionAccountInput!) { provisionAccount(input: $input) { ownerInvited errors { code } } }',
    { input: { name: 'Bistro Blue', externalId: 'K-100', ownerEmail: 'bea@bistro.example', ownerName: 'Bea' } },
  )
  expect('the company orders an account', shop.data?.provisionAccount?.ownerInvited)
  const bea = await person()
  await bea.goto(await link('bea@bistro.example', '/sign-up'))
  await bea.fill('[data-state="form"] [name="password"]', 'walnut harbour violin 17')
  await bea.fill('[data-state="form"] [name="name"]', 'Bea')
  await bea.click('[data-state="form"] .actions button')
  await state(bea, 'done')
  const mine = await ask(bea, '{ viewer { activeAccount { name } } }')
  expect('its customer finds it', mine.data.viewer.activeAccount.name === 'Bistro Blue')
}

await guest.goto(`${base}/invitation#token=nothing`)
await state(guest, 'invalid')
await guest.goto(`${base}/reset-password`)
await state(guest, 'nolink')
expect('links that are none say so', true)

await ask(olivia, 'mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) { errors { code } } }', { input: { password } })
const people = await ask(
  olivia,
  'query ($id: ID!, $search: String) { account(id: $id) { memberships(search: $search) { nodes { id } } } }',
  { id: accountId, search: newcomer },
)
const membershipId = people.data.account.memberships.nodes[0].id
const offered = await ask(
  olivia,
  'mutation ($input: RequestOwnershipTransferInput!) { requestOwnershipTransfer(input: $input) { transfer { id } } }',
  { input: { accountId, membershipId } },
)
const offer = `${base}/transfer#id=${offered.data.requestOwnershipTransfer.transfer.id}`
await olivia.goto(offer)
await state(olivia, 'other')
await guest.goto(offer)
await state(guest, 'signIn')
await guest.fill('[name="email"]', newcomer)
await guest.fill('[name="password"]', 'walnut harbour violin 17')
await guest.click('form .actions button')
await state(guest, 'offer')
// Ten minutes cannot pass here: the page is told once that its proof is too old.
await guest.route('**/graphql', (route) =>
  route.request().postData().includes('acceptOwnershipTransfer')
    ? route.fulfill({ json: { data: { acceptOwnershipTransfer: { transfer: null, errors: [{ code: 'REAUTH_REQUIRED', message: 'Prove it.' }] } } } })
    : route.continue(),
)
await guest.click('[data-do="accept"]')
await state(guest, 'prove')
await guest.unroute('**/graphql')
await looks(guest, 'transfer-prove')
await guest.fill('[data-state="prove"] [name="password"]', 'walnut harbour violin 18')
await guest.click('[data-state="prove"] form button')
await guest.waitForSelector('[data-state="prove"] [data-error="password"]:not(:empty)')
await guest.fill('[data-state="prove"] [name="password"]', 'walnut harbour violin 17')
await guest.click('[data-state="prove"] form button')
await state(guest, 'done')
expect('an account changes hands', true)

await guest.goto(`${base}/sign-in`)
await state(guest, 'already')
await guest.click('[data-do="signOut"]:visible')
await state(guest, 'form')
await guest.fill('[name="email"]', email)
await guest.fill('[name="password"]', password)
await guest.click('form .actions button')
await state(guest, 'choose')
await guest.click('[data-list="accounts"] button')
await state(guest, 'in')
expect('who has several accounts is asked', true)

// Somebody's device makes a passkey, signs in with it, finishes with it what the
// password began, and proves with it who they are.
if (/^\d+(\.\d+){3}$|^\[/.test(new URL(base).hostname)) throw new Error('browsers make passkeys for names only: walk at http://localhost')
const sam = { email: 'stranger@elsewhere.example', password: 'walnut harbour violin 17' }
const cdp = await stranger.context().newCDPSession(stranger)
await cdp.send('WebAuthn.enable')
const device = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: device })

/** Begins a ceremony, lets the browser answer, and gives its answer to the server. */
async function passkey(what, want, more = {}) {
  const begun = (await ask(stranger, `mutation { it: startPasskey${what} { ceremonyId options errors { code } } }`)).data.it
  if (begun.errors.length) return begun
  const credential = await stranger.evaluate(
    async ([what, options]) => {
      const { credentials } = navigator
      const asked =
        what === 'Registration'
          ? credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
      return asked.then((c) => c.toJSON(), (e) => ({ refused: e.name }))
    },
    [what, begun.options],
  )
  if (credential.refused) return credential
  const finished = await ask(
    stranger,
    `mutation ($input: FinishPasskey${what}Input!) { it: finishPasskey${what}(input: $input) { ${want} errors { code } } }`,
    { input: { ceremonyId: begun.ceremonyId, credential, ...more } },
  )
  return finished.data.it
}
const signedOut = () => ask(stranger, 'mutation { signOut { signedOut } }')

const made = await passkey('Registration', 'passkey { name } recoveryCodes', { name: 'Laptop' })
expect('a browser makes a passkey', made.passkey?.name === 'Laptop' && made.recoveryCodes.length === 10)
expect('the same device makes no second one', (await passkey('Registration', 'passkey { name }')).refused === 'InvalidStateError')
await signedOut()
const without = await passkey('SignIn', 'viewer { email } accountSelection')
expect('it signs in without a password', without.viewer?.email === sam.email)
expect('the cookie is set', (await ask(stranger, '{ viewer { email passkeys { lastUsedAt } } }')).data.viewer?.passkeys[0].lastUsedAt)
await signedOut()
const first = await ask(stranger, 'mutation ($input: SignInInput!) { signIn(input: $input) { viewer { id } secondFactors } }', { input: sam })
expect('the password asks for it', first.data.signIn.viewer === null && first.data.signIn.secondFactors.includes('PASSKEY'))
expect('and is nobody without it', (await ask(stranger, '{ viewer { email } }')).data.viewer === null)
const second = await passkey('SignIn', 'viewer { email }')
expect('it is the second step', second.viewer?.email === sam.email)
expect('it is proof', (await passkey('Proof', 'provedUntil')).provedUntil)
await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
await signedOut()
const unlocked = await passkey('SignIn', 'viewer { email }')
expect('it does not sign in for whoever cannot unlock it', unlocked.refused === 'NotAllowedError' && (await ask(stranger, '{ viewer { id } }')).data.viewer === null)
expect('its owner is told of it by mail', (await (await fetch(`${base}/dev/mail/messages?to=${sam.email}`)).json()).some((m) => /passkey was added/.test(m.subject)))
// Somebody sets up an authenticator app, and is asked for a code from then on.
const careful = await person()
const nora = { email: newcomer, password: 'walnut harbour violin 17' }
await careful.goto(`${base}/sign-in`)
await ask(careful, 'mutation ($input: SignInInput!) { signIn(input: $input) { errors { code } } }', { input: nora })
const app = (await ask(careful, 'mutation { startTwoFactorSetup { secret qrSvg } }')).data.startTwoFactorSetup
const drawn = await careful.evaluate((svg) => new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement.nodeName, app.qrSvg)
expect('the QR code is a drawing', drawn === 'svg')
const confirmed = await ask(careful, 'mutation ($input: ConfirmTwoFactorSetupInput!) { confirmTwoFactorSetup(input: $input) { recoveryCodes errors { code } } }', {
  input: { code: totp(app.secret, -1) },
})
const spare = confirmed.data.confirmTwoFactorSetup.recoveryCodes
expect('two factors are on', spare.length === 10)
expect('the session goes on with a new cookie', (await ask(careful, '{ viewer { email } }')).data.viewer?.email === newcomer)
for (const code of [totp(app.secret, 0), spare[0].toLowerCase()]) {
  await careful.goto(`${base}/sign-in`)
  await state(careful, 'already')
  await careful.click('[data-do="signOut"]:visible')
  await state(careful, 'form')
  await careful.fill('[name="email"]', nora.email)
  await careful.fill('[name="password"]', nora.password)
  await careful.click('[data-state="form"] .actions button')
  await state(careful, 'second')
  expect('half a session is nobody', (await ask(careful, '{ viewer { email } }')).data.viewer === null)
  await careful.fill('[name="code"]', '000 000')
  await careful.click('[data-state="second"] form button')
  await careful.waitForFunction(() => document.querySelector('[data-error="code"]').textContent)
  await picture(careful, 'second-factor')
  await careful.fill('[name="code"]', code)
  await careful.click('[data-state="second"] form button')
  await careful.waitForFunction(() => ['in', 'choose', 'none'].includes([...document.querySelectorAll('[data-state]')].find((s) => !s.hidden).dataset.state))
  expect('a code finishes signing in', (await ask(careful, '{ viewer { email } }')).data.viewer?.email === newcomer)
}


// Sam's page asks for the passkey as the second step, also after a reload, and signs in
// with it alone.
await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
await stranger.goto(`${base}/sign-in`)
await state(stranger, 'form')
await looks(stranger, 'sign-in')
await stranger.fill('[name="email"]', sam.email)
await stranger.fill('[name="password"]', sam.password)
await stranger.click('[data-state="form"] form button')
await state(stranger, 'second')
await looks(stranger, 'second-factor-passkey')
await stranger.reload()
await state(stranger, 'second')
expect('a reload stays at the second step', await stranger.locator('[data-do="passkey"]:visible').count())
await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
await stranger.click('[data-state="second"] [data-do="passkey"]')
await stranger.waitForFunction(() => document.querySelector('[data-state="second"] [data-value="refusal"]').textContent)
await looks(stranger, 'second-factor-refused')
await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
await stranger.click('[data-state="second"] [data-do="passkey"]')
await state(stranger, 'none')
expect('the passkey is the second step on the page', (await ask(stranger, '{ viewer { email } }')).data.viewer?.email === sam.email)
await stranger.goto(`${base}/sign-in`)
await stranger.click('[data-do="signOut"]:visible')
await state(stranger, 'form')
await stranger.click('[data-state="form"] [data-do="passkey"]')
await state(stranger, 'none')
expect('the page signs in without a password', (await ask(stranger, '{ viewer { email } }')).data.viewer?.email === sam.email)

// Nora has lost her password and kept her authenticator app.
await careful.goto(`${base}/forgot-password`)
await careful.fill('[name="email"]', nora.email)
await careful.click('form .actions button')
await state(careful, 'mailed')
await careful.goto(await link(nora.email, '/reset-password'))
await state(careful, 'form')
await looks(careful, 'reset-password')
nora.password = 'copper meadow trumpet 88'
await careful.fill('[name="newPassword"]', nora.password)
await careful.click('form .actions button')
await state(careful, 'done')
await looks(careful, 'reset-password-done')
await careful.click('[data-state="done"] a')

/** Signs Nora in on a page that asks her to, with a recovery code as the second step. */
async function enter(page, first, code) {
  await state(page, first)
  await page.fill(`[data-state="${first}"] [name="email"]`, nora.email)
  await page.fill(`[data-state="${first}"] [name="password"]`, nora.password)
  await page.click(`[data-state="${first}"] form button`)
  await state(page, 'second')
  await page.fill('[data-state="second"] [name="code"]', code)
  await page.click('[data-state="second"] form button')
}
await enter(careful, 'form', spare[1])
await careful.waitForFunction(() => ['in', 'choose', 'none'].includes([...document.querySelectorAll('[data-state]')].find((s) => !s.hidden).dataset.state))
expect('a new password keeps the second factor', (await ask(careful, '{ viewer { email } }')).data.viewer?.email === nora.email)

// She moves to another address: the link is good in a session of hers only, and the old
// address takes it back.
const moved = 'nora@elsewhere.example'
const asked = await ask(careful, 'mutation ($input: RequestEmailChangeInput!) { requestEmailChange(input: $input) { errors { code } } }', { input: { email: moved } })
expect('another address is asked for', !codes(asked).length)
const confirmation = await link(moved, '/confirm-email')
await stranger.goto(confirmation)
await state(stranger, 'ask')
await stranger.click('[data-do="confirm"]')
await state(stranger, 'invalid')
await looks(stranger, 'confirm-email-invalid')
await ask(careful, 'mutation { signOut { signedOut } }')
await careful.goto(confirmation)
await state(careful, 'signIn')
await looks(careful, 'confirm-email-sign-in')
await enter(careful, 'signIn', spare[2])
await state(careful, 'ask')
await looks(careful, 'confirm-email')
await careful.click('[data-do="confirm"]')
await state(careful, 'done')
await looks(careful, 'confirm-email-done')
expect('she signs in with the new address', (await ask(careful, '{ viewer { email } }')).data.viewer?.email === moved)
const back = await link(nora.email, '/undo-email')
const old = await person({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' })
await old.goto(back)
await state(old, 'ask')
await looks(old, 'undo-email')
await old.click('[data-do="undo"]')
await state(old, 'done')
await looks(old, 'undo-email-done')
expect('everybody is signed out', (await ask(careful, '{ viewer { email } }')).data.viewer === null)
await old.goto(`${base}/sign-in`)
await old.goto(back)
await state(old, 'ask')
await old.click('[data-do="undo"]')
await state(old, 'invalid')
await looks(old, 'undo-email-invalid')

// Rita gets notifications of the account, and never signs in: she says that the address
// is hers, chooses what she wants, and leaves.
if (process.env.OPERATOR_TOKEN) {
  const rita = 'rita@reader.example'
  const preferences = [{ channel: 'EMAIL', categories: ['general', 'affiliate', 'invoice'] }]
  const added = await ask(
    olivia,
    'mutation ($input: CreateContactInput!) { createContact(input: $input) { contact { id } errors { code } } }',
    { input: { accountId, email: rita, firstName: 'Rita', preferences } },
  )
  const contactId = added.data.createContact.contact.id
  const verify = () => ask(olivia, 'mutation ($input: RequestContactVerificationInput!) { requestContactVerification(input: $input) { errors { code } } }', { input: { contactId } })
  expect('a contact is asked whether the address is right', !codes(await verify()).length)
  const reader = await person()
  const question = await link(rita, '/verify-contact')
  await reader.goto(question)
  await state(reader, 'ask')
  await looks(reader, 'verify-contact')
  await reader.click('[data-do="yes"]')
  await state(reader, 'yes')
  await looks(reader, 'verify-contact-yes')
  const known = await ask(olivia, 'query ($id: ID!) { node(id: $id) { ... on Contact { verifiedAt } } }', { id: contactId })
  expect('the account knows that it is', known.data.node.verifiedAt)

  /** Sends as the company's own systems do, and waits until the letter has come. */
  const tell = async (category, subject) => {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${process.env.OPERATOR_TOKEN}` }
    const query = 'mutation ($input: SendNotificationInput!) { sendNotification(input: $input) { notification { id } errors { code } } }'
    const body = JSON.stringify({ query, variables: { input: { accountId, category, subject, text: 'It is here.\n\nHave a look.' } } })
    const sent = await (await fetch(`${base}/graphql`, { method: 'POST', headers, body })).json()
    expect(`${subject} is sent`, sent.data?.sendNotification?.notification && !codes(sent).length)
    for (let i = 0; i < 100; i++) {
      const mails = await (await fetch(`${base}/dev/mail/messages`)).json()
      const about = mails.filter((m) => m.subject.includes(subject))
      const own = about.find((m) => m.to.includes(rita))
      if (own || (about.length && i > 20)) return own
      await new Promise((done) => setTimeout(done, 100))
    }
    return undefined
  }
  const first = await tell('affiliate', 'A new version')
  await reader.goto(first.unsubscribe)
  await state(reader, 'ask')
  await looks(reader, 'unsubscribe')
  expect('looking at the link changes nothing', await tell('affiliate', 'Another version'))
  await reader.click('form button')
  await state(reader, 'done')
  await looks(reader, 'unsubscribe-done')
  expect('who has left gets no more', !(await tell('affiliate', 'The third version')))
  expect('but what is part of the service', await tell('invoice', 'Invoice 1001'))
  await reader.click('[data-link="preferences"]')
  await state(reader, 'choose')
  await looks(reader, 'preferences')
  const before = await reader.locator('[data-list="categories"] input').evaluateAll((all) => all.map((i) => i.checked))
  expect('a category that was left is off', before.includes(false))
  for (const i of before.keys()) {
    const input = reader.locator('[data-list="categories"] input').nth(i)
    if (!before[i] && (await input.isEnabled())) await input.check({ force: true })
  }
  await reader.click('form .actions button:not([data-do])')
  await reader.waitForFunction(() => document.querySelector('[data-value="saved"]').textContent)
  await looks(reader, 'preferences-saved')
  expect('it can be taken back', await tell('affiliate', 'The fourth version'))
  const general = await tell('general', 'News')
  expect('an invoice has no way to leave', general.unsubscribe && !(await tell('invoice', 'Invoice 1002')).unsubscribe)

  const wrong = 'wrong@reader.example'
  const other = await ask(olivia, 'mutation ($input: CreateContactInput!) { createContact(input: $input) { contact { id } errors { code } } }', { input: { accountId, email: wrong } })
  await ask(olivia, 'mutation ($input: RequestContactVerificationInput!) { requestContactVerification(input: $input) { errors { code } } }', { input: { contactId: other.data.createContact.contact.id } })
  await reader.goto(await link(wrong, '/verify-contact'))
  await state(reader, 'ask')
  await reader.click('[data-do="no"]')
  await state(reader, 'no')
  await looks(reader, 'verify-contact-no')
  await reader.goto(`${base}/preferences#token=nothing`)
  await state(reader, 'invalid')
  await looks(reader, 'preferences-invalid')
  await reader.goto(`${base}/unsubscribe?token=nothing`)
  await state(reader, 'invalid')
}

// Sam says of a mail that it was not him.
const denial = await link(sam.email, '/not-me')
await old.goto(denial)
await state(old, 'ask')
await looks(old, 'not-me')
await old.click('[data-do="deny"]')
await state(old, 'done')
await looks(old, 'not-me-done')
expect('he is signed out', (await ask(stranger, '{ viewer { email } }')).data.viewer === null)
await old.goto(`${base}/sign-in`)
await old.goto(denial)
await state(old, 'ask')
await old.click('[data-do="deny"]')
await state(old, 'again')
await looks(old, 'not-me-again')
await old.click('[data-state="again"] a')
await state(old, 'form')
expect('it leads to a new password', old.url() === `${base}/forgot-password`)

// ── In German ────────────────────────────────────────────────────────────────

// Whoever has a German browser reads every page in German, in every state of it.
const gerda = await person({ locale: 'de-DE' })
const paths = ['confirm-email', 'forgot-password', 'invitation', 'not-me', 'openid/callback', 'preferences', 'reset-password', 'sign-in', 'sign-up', 'transfer', 'undo-email', 'unknown-sender', 'unsubscribe', 'unsubscribe/done', 'unsubscribe/invalid', 'verify-contact']
for (const path of paths) {
  await gerda.goto(`${base}/${path}`)
  await gerda.waitForFunction(() => document.documentElement.lang === 'de' && document.querySelector('[data-state]:not([hidden])'))
  const left = await gerda.evaluate(async () => {
    const { phrases } = await import('/links/german.js')
    const said = (el) => el.innerHTML.replace(/<(b|span) data-value="(\w+)"><\/\1>/g, '{$2}')
    return [...document.querySelectorAll('main :is(h1, p, label, button, a, dt)')].map(said).filter((text) => text in phrases)
  })
  expect(`/${path} is German${left.length ? `, but for ${left.join(' | ')}` : ''}`, !left.length && !(await gerda.title()).match(/^(Sign|Your|This|Set|Is|Confirm|Unknown) /))
}
await gerda.goto(`${base}/sign-in`)
await state(gerda, 'form')
await gerda.fill('#email', 'gerda@kunden.example')
await gerda.fill('#password', 'not the password')
await gerda.click('[data-state="form"] .actions button:not([data-do])')
await gerda.getByText('Das passt nicht zusammen').waitFor()
await looks(gerda, 'sign-in-german')
expect('a refusal is German, too', true)
await invite(olivia, { emails: [{ email: 'gerda@kunden.example' }], locale: 'de', accessEndsAt: new Date(Date.now() + 90 * 86_400_000).toISOString(), roleIds: ['role_support'], permissions: [], subAccountAccess: 'NONE' })
// Days cannot pass here, so the answer is that of an invitation whose time is over.
await gerda.route('**/graphql', async (route) => {
  const json = await (await route.fetch()).json()
  if (json.data?.invitation) Object.assign(json.data.invitation, { state: 'EXPIRED', expiresAt: '2026-01-05T12:00:00Z' })
  await route.fulfill({ json })
})
await gerda.goto(await link('gerda@kunden.example', '/invitation'))
await state(gerda, 'EXPIRED')
expect('who comes too late is told whom to ask', (await gerda.textContent('[data-state="EXPIRED"]')).includes('Olivia Bennett'))
await looks(gerda, 'invitation-lapsed')
await gerda.unroute('**/graphql')
await gerda.goto(`${base}/sign-in`)
await gerda.goto(await link('gerda@kunden.example', '/invitation'))
await state(gerda, 'new')
expect('the end of the access is told', await gerda.locator('[data-state="new"]').getByText('Zugang bis').isVisible())
await looks(gerda, 'invitation-german')
await gerda.fill('[data-state="new"] [name="name"]', 'Gerda Groß')
await gerda.fill('#new-password', 'drei graue Esel am Fluss')
await gerda.click('[data-state="new"] .actions button:not([data-do])')
await state(gerda, 'in')
expect('a German newcomer joins', (await gerda.textContent('[data-state="in"] h1')).startsWith('Sie sind drin: Northwind'))

// Whoever reads the mail of a contact reads the page in the language of the mail.
const dieter = 'dieter@leser.example'
const german = await ask(olivia, 'mutation ($input: CreateContactInput!) { createContact(input: $input) { contact { id } errors { code } } }', { input: { accountId, email: dieter, locale: 'de', preferences: [{ channel: 'EMAIL', categories: ['general'] }] } })
await ask(olivia, 'mutation ($input: RequestContactVerificationInput!) { requestContactVerification(input: $input) { errors { code } } }', { input: { contactId: german.data.createContact.contact.id } })
const english = await person({ locale: 'en-GB' })
await english.goto(await link(dieter, '/verify-contact'))
await state(english, 'ask')
await english.click('[data-do="yes"]')
await state(english, 'yes')
expect('a page follows the language of the mail', (await english.textContent('[data-state="yes"] h1')) === 'Danke')
await looks(english, 'verify-contact-german')

await end()
