// Walks through the dashboard in a browser, against a server with demo data that was just
// started: comes in, chooses and switches accounts, invites with the keyboard alone, edits a
// member, is thrown out and comes back, turns on two factors. Every screen is looked at in
// light, in dark and at the width of a telephone, and axe finds nothing wrong. Fails if
// a page complains, if a request leaves the server, or if something is cut off.
//
//   node dashboard.mjs [http://localhost:8080] [folder for screenshots]
//
// CHROMIUM says which browser; without it /usr/bin/chromium.
import { readFileSync } from 'node:fs'
import { createHmac } from 'node:crypto'
import { chromium } from 'playwright-core'

const base = process.argv[2] ?? 'http://localhost:8080'
const screens = process.argv[3]
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const complaints = []
const began = Date.now()
const password = 'northwind demo 2026'

process.on('uncaughtException', async (e) => {
  console.error(e.message)
  if (screens) for (const [i, c] of browser.contexts().entries()) for (const page of c.pages()) await page.screenshot({ path: `${screens}/stuck-${i}.png` }).catch(() => {})
  for (const complaint of complaints) console.error('!', complaint)
  process.exit(1)
})

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

/** Opens a page of somebody's own browser. */
async function person(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', colorScheme: 'light', reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(20_000)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base })
  const page = await context.newPage()
  page.on('pageerror', (e) => complaints.push(`${page.url()}: ${e.message}`))
  page.on('console', (m) => m.type() === 'error' && !page.expected && complaints.push(`${page.url()}: ${m.text()}`))
  page.on('request', (r) => !r.url().startsWith(base) && !/^(data|blob|about):/.test(r.url()) && complaints.push(`request to ${r.url()}`))
  return page
}

function expect(what, ok) {
  console.log(`${String(((Date.now() - began) / 1000).toFixed(1)).padStart(6)}s ${ok ? 'ok  ' : 'FAIL'} ${what}`)
  if (!ok) complaints.push(what)
}

/** Asks the API as whoever the page is signed in as. */
const ask = (page, query, variables) =>
  page.evaluate(
    async ([query, variables]) => {
      const headers = { 'Content-Type': 'application/json' }
      return (await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json()
    },
    [query, variables],
  )

/** What axe has against the page, with where. */
async function faults(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'], rules: { 'color-contrast': { enabled: true } } }))
  return violations.map((v) => `${v.id} (${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')})`)
}

/** Looks at a screen in light, in dark, and at the width of a telephone. */
async function looks(page, name) {
  const was = page.viewportSize()
  for (const [how, width, height, colorScheme] of [['light', 1280, 800, 'light'], ['dark', 1280, 800, 'dark'], ['phone', 390, 844, 'light']]) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.waitForTimeout(150) // colours fade
    const wrong = await faults(page)
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wrong.push('wider than the window')
    expect(`${name}, ${how}${wrong.length ? `: ${wrong.join('; ')}` : ''}`, !wrong.length)
    if (screens) await page.screenshot({ path: `${screens}/${name}-${how}.png` })
  }
  await page.setViewportSize(was)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}

/** What an authenticator app shows so many periods from now. */
function totp(secret, periods) {
  const bits = [...secret.replaceAll(' ', '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + periods))
  const mac = createHmac('sha1', key).update(step).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1e6).padStart(6, '0')
}

/** Waits for a mail to somebody. */
async function mail(to) {
  for (let i = 0; i < 100; i++) {
    const mails = await (await fetch(`${base}/dev/mail/messages?to=${encodeURIComponent(to)}`)).json()
    if (mails.length) return mails[0]
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`no mail to ${to}`)
}

const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor()
const said = (page, text) => page.locator('.said', { hasText: text }).waitFor()
const signIn = (page, email) => ask(page, 'mutation ($i: SignInInput!) { signIn(input: $i) { errors { code } } }', { i: { email, password } })

const { accountId, membershipId } = await (await fetch(`${base}/playground/demo.json`)).json()

// ── Coming in ────────────────────────────────────────────────────────────────
const olivia = await person()
let bytes = 0
let requests = 0
const wire = await olivia.context().newCDPSession(olivia)
await wire.send('Network.enable')
wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
  requests++
  bytes += encodedDataLength
})
const opened = Date.now()
await olivia.goto(`${base}/accounts/${accountId}/people`)
await heading(olivia, 'Sign in')
const usable = Date.now() - opened
await olivia.waitForLoadState('networkidle')
console.log(`        signing in: usable after ${usable} ms, ${requests} requests, ${bytes} bytes over the wire`)
await looks(olivia, 'sign-in')
await olivia.getByRole('button', { name: 'New here? Sign up' }).click()
await heading(olivia, 'Sign up')
await olivia.getByLabel('Your name').fill('Nobody Yet')
await olivia.getByLabel('Email address').fill('nobody@example')
await olivia.getByRole('button', { name: 'Send the link' }).click()
await olivia.locator('[aria-invalid="true"]').waitFor()
await looks(olivia, 'sign-up')
await olivia.getByLabel('Email address').fill('yet@newcomers.example')
await olivia.getByRole('button', { name: 'Send the link' }).click()
await heading(olivia, 'Look into your mail')
expect('a newcomer gets a mail', (await mail('yet@newcomers.example')).text.includes('/sign-up#'))
await olivia.getByRole('button', { name: 'Back to signing in' }).click()
await olivia.getByRole('button', { name: 'Forgot your password?' }).click()
await heading(olivia, 'A new password')
await looks(olivia, 'forgot-password')
await olivia.getByLabel('Email address').fill('priya@northwind.example')
await olivia.getByRole('button', { name: 'Send the link' }).click()
await heading(olivia, 'Look into your mail')
await looks(olivia, 'mailed')
await olivia.getByRole('button', { name: 'Back to signing in' }).click()
await olivia.getByLabel('Email address').fill('olivia@northwind.example')
await olivia.getByLabel('Password', { exact: true }).fill('not the password')
await olivia.getByRole('button', { name: 'Sign in', exact: true }).click()
await olivia.getByRole('alert').waitFor()
expect('a wrong password is told', /fit|password|address/i.test(await olivia.getByRole('alert').textContent()))
await olivia.getByRole('button', { name: /Olivia Bennett/ }).click()
await heading(olivia, 'People')
expect('whoever signs in goes on where they were', olivia.url() === `${base}/accounts/${accountId}/people`)

// ── Choosing and switching ───────────────────────────────────────────────────
await olivia.goto(`${base}/`)
await heading(olivia, 'Where do you want to work?')
await olivia.getByRole('button', { name: /Contoso Cafe/ }).waitFor()
await looks(olivia, 'accounts')
await olivia.getByRole('button', { name: /Northwind Trading/ }).click()
await heading(olivia, 'Northwind Trading')
await olivia.getByText('Needs attention').waitFor()
await olivia.getByText(/invitations? waits?/).waitFor()
await looks(olivia, 'overview')

await olivia.getByRole('navigation').getByRole('link', { name: 'People' }).click()
await heading(olivia, 'People')
await olivia.keyboard.press('Control+k')
await olivia.getByRole('combobox', { name: 'Search your accounts' }).waitFor()
await olivia.getByRole('option', { name: /Fabrikam Studio/ }).waitFor()
await looks(olivia, 'switcher')
await olivia.keyboard.type('contoso')
await olivia.waitForFunction(() => document.querySelectorAll('[role="option"]').length === 1)
await olivia.keyboard.press('Enter')
await olivia.waitForURL(/\/accounts\/(?!.*\?).*\/people$/)
await olivia.getByText('This is not for you yet').waitFor()
expect('the keyboard switches, in the same section', !olivia.url().includes(accountId))
await looks(olivia, 'forbidden')
await olivia.keyboard.press('Control+k')
await olivia.getByRole('option', { name: /Fabrikam/ }).waitFor()
for (const key of ['ArrowDown', 'ArrowUp']) await olivia.keyboard.press(key)
expect('arrows walk the list', (await olivia.getByRole('option', { selected: true }).textContent()).includes('Northwind Trading'))
await olivia.keyboard.press('Enter')
await heading(olivia, 'People')
await olivia.getByRole('link', { name: 'Tom Becker' }).waitFor()
expect('and back', olivia.url().includes(accountId))

// Two tabs stay in two accounts.
const tab = await olivia.context().newPage()
await tab.goto(`${base}/accounts`)
await tab.getByRole('button', { name: /Fabrikam Studio/ }).click()
await heading(tab, 'Fabrikam Studio')
await olivia.reload()
await olivia.getByRole('link', { name: 'Tom Becker' }).waitFor()
expect('two tabs do not cross', olivia.url().includes(accountId) && !tab.url().includes(accountId))
await tab.close()

// ── People ───────────────────────────────────────────────────────────────────
await looks(olivia, 'people')
await olivia.getByRole('searchbox').fill('zzz')
await olivia.getByText('Nobody is here').waitFor()
await olivia.getByRole('searchbox').fill('grace')
await olivia.getByRole('link', { name: 'Grace Kim' }).waitFor()
await olivia.getByRole('searchbox').fill('')
await olivia.getByRole('link', { name: 'Tom Becker' }).waitFor()
expect('the list is searched', true)

// Inviting, without a mouse.
const key = async (name, times = 1) => {
  for (let i = 0; i < times; i++) await olivia.keyboard.press(name)
}
await olivia.getByRole('button', { name: 'Invite people' }).focus()
await key('Enter')
await olivia.getByLabel('Addresses').waitFor()
await olivia.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
await olivia.evaluate(() => navigator.clipboard.writeText('Nora Quist <nora@newcomers.example>\ntom@northwind.example, "Okoro, Ife" <ife@newcomers.example>;not an address'))
await key('Control+v')
await olivia.getByText('4 people').waitFor()
expect('pasted addresses become people with names', (await olivia.locator('.chips').textContent()).includes('Okoro, Ife'))
await looks(olivia, 'invite-who')
await olivia.getByRole('button', { name: 'Next' }).focus()
await key('Enter')
await olivia.getByRole('checkbox', { name: /^Developer/ }).focus()
await key('Space')
await olivia.locator('summary', { hasText: 'Account' }).focus()
await key('Enter')
await olivia.getByRole('checkbox', { name: /Modify master account profile/ }).focus()
await key('Space')
await looks(olivia, 'invite-what')
await olivia.getByRole('button', { name: 'Next' }).focus()
await key('Enter')
await olivia.getByText('2 of 4 can be invited').waitFor()
const send = olivia.getByRole('button', { name: 'Send 2 invitations' })
expect('a risk is read before it is given', await send.isDisabled())
await looks(olivia, 'invite-review')
await olivia.getByRole('checkbox', { name: /I have read this/ }).focus()
await key('Space')
await send.focus()
await key('Enter')
await olivia.getByText('2 invitations are on their way').waitFor()
await looks(olivia, 'invite-done')
await olivia.getByRole('button', { name: 'Done' }).focus()
await key('Enter')
await olivia.getByText('nora@newcomers.example').waitFor()
expect('the invited are in the list at once', true)
expect('and their mail is there', (await mail('nora@newcomers.example')).text.includes('/invitation#'))

// A person of the list: withdrawn with a question, deactivated with a way back.
await olivia.getByRole('button', { name: 'What to do with Okoro, Ife' }).click()
await olivia.getByRole('menuitem', { name: 'Withdraw the invitation' }).click()
await olivia.getByRole('dialog').getByText('stops working at once').waitFor()
await looks(olivia, 'confirm')
await olivia.getByRole('dialog').getByRole('button', { name: 'Withdraw the invitation' }).click()
await said(olivia, 'is withdrawn')
await olivia.getByText('ife@newcomers.example').waitFor({ state: 'detached' })
expect('an invitation is withdrawn', true)
await olivia.getByRole('button', { name: 'What to do with Elena Petrova' }).click()
await olivia.getByRole('menuitem', { name: 'Deactivate' }).click()
await said(olivia, 'has no access any more')
await olivia.getByRole('button', { name: 'Undo' }).click()
await said(olivia, 'has access again')
expect('a deactivation is taken back', true)

// ── A member ─────────────────────────────────────────────────────────────────
await olivia.getByRole('link', { name: 'Tom Becker' }).click()
await heading(olivia, 'Tom Becker')
await olivia.getByRole('checkbox', { name: /^Billing/ }).check()
await olivia.locator('.difference').getByText('View pricing').waitFor()
await olivia.getByRole('combobox', { name: 'Permission' }).click()
await olivia.getByRole('option', { name: 'View pricing' }).click()
await olivia.getByText('Not allowed').waitFor()
await looks(olivia, 'member')
// Somebody else is quicker.
await ask(olivia, 'mutation ($i: UpdateMemberPermissionsInput!) { updateMemberPermissions(input: $i) { errors { code } } }', {
  i: { membershipId, version: (await ask(olivia, 'query ($id: ID!) { node(id: $id) { ... on Membership { version } } }', { id: membershipId })).data.node.version, roleIds: ['role_support'], permissions: [], subAccountAccess: 'NONE' },
})
await olivia.getByRole('button', { name: 'Save' }).click()
await olivia.getByText('Somebody changed this member').waitFor()
await looks(olivia, 'member-conflict')
expect('what was chosen is kept', await olivia.getByRole('checkbox', { name: /^Billing/ }).isChecked())
await olivia.getByRole('button', { name: 'Save' }).click()
await said(olivia, 'has the new permissions')
await olivia.getByText('Allowed', { exact: true }).waitFor()
expect('and saved on top', true)

// ── Roles and history ────────────────────────────────────────────────────────
await olivia.getByRole('navigation').getByRole('link', { name: 'Roles' }).click()
await heading(olivia, 'Roles')
await olivia.getByText('Web agency').waitFor()
await looks(olivia, 'roles')
await olivia.getByRole('button', { name: 'New role' }).click()
await olivia.getByLabel('Name', { exact: true }).fill('Web agency')
await olivia.locator('summary', { hasText: 'Account' }).click()
await olivia.getByRole('checkbox', { name: /Modify master account profile/ }).check()
await olivia.getByRole('dialog').getByRole('button', { name: 'New role' }).click()
await olivia.getByText('Read this before you give it').waitFor()
await olivia.getByRole('checkbox', { name: /I have read this/ }).check()
await looks(olivia, 'role-new')
await olivia.getByRole('dialog').getByRole('button', { name: 'New role' }).click()
await olivia.locator('[aria-invalid="true"]').waitFor()
expect('a name that is taken is told beside it', await olivia.getByText('Another role is called Web agency').isVisible())
await olivia.getByLabel('Name', { exact: true }).fill('Bookkeeper abroad')
await olivia.getByRole('dialog').getByRole('button', { name: 'New role' }).click()
await said(olivia, 'The role Bookkeeper abroad is there')
await olivia.getByRole('button', { name: 'Change Bookkeeper abroad' }).click()
await olivia.getByLabel('What it is for').fill('Helps at the end of the year.')
await olivia.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
await said(olivia, 'from the next request on')
await olivia.getByRole('button', { name: 'Delete: Web agency' }).click()
await olivia.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
await olivia.getByRole('dialog').getByRole('alert').waitFor()
await olivia.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
await olivia.getByRole('button', { name: 'Delete: Bookkeeper abroad' }).click()
await olivia.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
await said(olivia, 'is deleted')
expect('roles come, change and go; one in use stays', true)
await olivia.getByRole('navigation').getByRole('link', { name: 'History' }).click()
await heading(olivia, 'History')
await olivia.getByText('deleted the role Bookkeeper abroad').waitFor()
await olivia.getByText('What changed').first().click()
await looks(olivia, 'history')
await olivia.getByRole('button', { name: 'Show more' }).click()
await olivia.waitForFunction(() => document.querySelectorAll('.events > li').length > 25)
await olivia.getByRole('combobox', { name: 'About' }).click()
await olivia.getByRole('option', { name: 'Ownership' }).click()
await olivia.getByText('Nothing of this kind has happened').waitFor()
expect('the history is paged and filtered', true)

// ── The account's settings ───────────────────────────────────────────────────
await olivia.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
await heading(olivia, 'Settings')
await olivia.getByRole('heading', { name: 'Ownership' }).waitFor()
await looks(olivia, 'settings')
const part = (page, name) => page.locator('.panel', { has: page.getByRole('heading', { name, exact: true }) })
await olivia.getByLabel('Telephone').fill('not a number')
await part(olivia, 'Details').getByRole('button', { name: 'Save' }).click()
await olivia.locator('[aria-invalid="true"]').waitFor()
expect('a wrong telephone number is told beside it', await olivia.evaluate(() => document.activeElement.name === 'phone'))
await olivia.getByLabel('Telephone').fill('+49 30 1234567')
await ask(olivia, 'mutation ($i: UpdateAccountInput!) { updateAccount(input: $i) { errors { code } } }', { i: { accountId, taxId: 'DE 811 907 980' } })
await part(olivia, 'Details').getByRole('button', { name: 'Save' }).click()
await olivia.getByText('VAT or tax number: DE 811 907 980').waitFor()
await part(olivia, 'Details').getByRole('button', { name: 'Save' }).click()
await said(olivia, 'The details are saved')
expect('details are saved, on top of what somebody else wrote', true)

const policies = part(olivia, 'Policies')
await policies.getByRole('checkbox', { name: /second factor/ }).check()
await policies.getByText(/would be kept out/).waitFor()
await policies.getByLabel('Only addresses of these domains').fill('northwind.example\nno domain')
await policies.getByText(/have other addresses|has another address/).waitFor()
await policies.getByRole('button', { name: 'Save' }).click()
await policies.locator('textarea[aria-invalid="true"]').waitFor()
await policies.scrollIntoViewIfNeeded()
await looks(olivia, 'settings-policies')
await policies.getByLabel('Only addresses of these domains').fill('')
await policies.getByLabel('From when on').fill(new Date().toISOString().slice(0, 10))
await policies.getByRole('button', { name: 'Save' }).click()
await policies.locator('input[aria-invalid="true"]').waitFor()
expect('nobody locks themselves out', await policies.getByText('You would lock yourself out').isVisible())
await policies.getByLabel('From when on').fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10))
await policies.getByRole('button', { name: 'Save' }).click()
await said(olivia, 'The policies hold')
await policies.getByRole('checkbox', { name: /second factor/ }).uncheck()
const answered = olivia.waitForResponse((r) => r.request().postData()?.includes('mutation UpdateAccountPolicies'))
await policies.getByRole('button', { name: 'Save' }).click()
expect('policies come and go', (await (await answered).json()).data.updateAccountPolicies.account.policies.requireTwoFactor === false)

await olivia.getByRole('button', { name: 'Hand it over' }).click()
await olivia.getByRole('combobox', { name: 'To whom' }).click()
await olivia.getByRole('option', { name: /Priya Nair/ }).click()
await looks(olivia, 'settings-hand-over')
await olivia.getByRole('button', { name: 'Offer it' }).click()
await olivia.getByText('You offered this account to Priya Nair').waitFor()
await olivia.getByRole('button', { name: 'Take it back' }).click()
await olivia.getByRole('button', { name: 'Hand it over' }).waitFor()
expect('ownership is offered and taken back', true)

await olivia.getByRole('button', { name: 'New sub-account' }).click()
await olivia.getByLabel('What is it called?').fill('Northwind Garden')
await looks(olivia, 'sub-account')
await olivia.getByRole('dialog').getByRole('button', { name: 'New sub-account' }).click()
await olivia.getByRole('link', { name: 'Northwind Garden' }).click()
await heading(olivia, 'Northwind Garden')
await olivia.getByRole('navigation').getByRole('link', { name: 'Settings' }).click()
await olivia.getByText('It lies beneath').waitFor()
await olivia.getByRole('button', { name: 'Close this account' }).click()
await olivia.getByRole('dialog').getByText('Nothing is deleted').waitFor()
await looks(olivia, 'close-account')
await olivia.getByRole('dialog').getByRole('button', { name: 'Close this account' }).click()
await said(olivia, 'is closed')
await olivia.getByRole('button', { name: 'Open it again' }).waitFor()
await looks(olivia, 'closed')
await olivia.getByRole('button', { name: 'Open it again' }).click()
await said(olivia, 'is open again')
await olivia.getByRole('button', { name: 'Close this account' }).waitFor()
expect('an account closes and opens again', true)

const elena = await person()
await elena.goto(`${base}/`)
await signIn(elena, 'elena@adatum.example')
await elena.goto(`${base}/accounts/${accountId}/settings`)
await elena.getByRole('button', { name: 'Leave this account' }).click()
await looks(elena, 'leave')
await elena.getByRole('dialog').getByRole('button', { name: 'Leave this account' }).click()
await said(elena, 'You left Northwind Trading')
await heading(elena, 'Where do you want to work?')
expect('a member leaves', !(await elena.getByRole('button', { name: /Northwind Trading/ }).count()))
await elena.close()

// ── Programs ─────────────────────────────────────────────────────────────────
await olivia.goto(`${base}/accounts/${accountId}/programs`)
await heading(olivia, 'Programs')
await olivia.getByText('No program acts for this account').waitFor()
await looks(olivia, 'programs-none')
await olivia.getByRole('button', { name: 'New token' }).click()
await olivia.getByLabel('Name of the program').fill('Invoice sync')
await olivia.getByRole('button', { name: 'Make the token' }).click()
await olivia.getByText('Choose at least one permission').waitFor()
await olivia.locator('summary', { hasText: 'Billing' }).click()
await olivia.getByRole('checkbox', { name: /View and pay invoices/ }).check()
await olivia.locator('summary', { hasText: 'Developer' }).click()
await olivia.getByRole('checkbox', { name: /Send notifications/ }).check()
await olivia.getByRole('radio', { name: 'Some' }).check()
await olivia.getByRole('checkbox', { name: 'Northwind Shop' }).check()
await olivia.getByRole('combobox', { name: 'How long it is good' }).click()
await olivia.getByRole('option', { name: /For ever/ }).click()
await olivia.getByRole('button', { name: 'Make the token' }).click()
await olivia.getByText('never stops working by itself').waitFor()
await looks(olivia, 'program-new')
await olivia.getByRole('combobox', { name: 'How long it is good' }).click()
await olivia.getByRole('option', { name: /^90 days/ }).click()
await olivia.getByRole('button', { name: 'Make the token' }).click()
await olivia.getByText('It is shown this once').waitFor()
await looks(olivia, 'program-token')
await olivia.keyboard.press('Escape')
const token = await olivia.locator('pre').first().textContent()
await olivia.getByRole('button', { name: 'Copy: Token' }).click()
expect('a token is copied', (await olivia.evaluate(() => navigator.clipboard.readText())) === token)
const program = async () => (await fetch(`${base}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: '{"query":"{ apiToken { name } }"}' })).json()
expect('and works', (await program()).data.apiToken.name === 'Invoice sync')
await olivia.getByRole('button', { name: 'I have kept it' }).click()
await olivia.getByText('View and pay invoices').waitFor()
await looks(olivia, 'programs')
await olivia.getByRole('button', { name: 'Revoke: Invoice sync' }).click()
await looks(olivia, 'program-revoke')
await olivia.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
await said(olivia, 'Invoice sync no longer works')
await olivia.getByText('No program acts for this account').waitFor()
expect('until it is revoked', !(await program()).data?.apiToken)

// ── The profile, and a fresh proof on the way ────────────────────────────────
await olivia.goto(`${base}/profile`)
await heading(olivia, 'Your profile')
await olivia.getByRole('heading', { name: 'Where you are signed in' }).waitFor()
await looks(olivia, 'profile')
let wanted = 1
await olivia.route('**/graphql', async (route) => {
  const body = route.request().postDataJSON()
  if (body.operationName !== 'StartTwoFactorSetup' || !wanted--) return route.fallback()
  const errors = [{ __typename: 'UserError', code: 'REAUTH_REQUIRED', field: null, message: 'Prove again who you are.', retryAfter: null }]
  await route.fulfill({ json: { data: { startTwoFactorSetup: { __typename: 'StartTwoFactorSetupPayload', secret: null, otpauthUri: null, qrSvg: null, errors } } } })
})
await olivia.getByRole('button', { name: 'Authenticator app: Set up' }).click()
await olivia.getByText('Is it you?').waitFor()
await olivia.getByLabel('Your password').waitFor()
await looks(olivia, 'prove')
await olivia.getByLabel('Your password').fill(password)
await olivia.getByRole('button', { name: 'Go on' }).click()
await olivia.getByRole('img', { name: 'QR code' }).waitFor()
expect('what asked for a proof goes on after it', true)
await olivia.unroute('**/graphql')
await looks(olivia, 'two-factor')
const secret = await olivia.locator('.mono').first().textContent()
await olivia.getByLabel('Code', { exact: true }).fill('000000')
await olivia.getByRole('button', { name: 'Turn on' }).click()
await olivia.locator('[aria-invalid="true"]').waitFor()
await olivia.getByLabel('Code', { exact: true }).fill(totp(secret, -1))
await olivia.getByRole('button', { name: 'Turn on' }).click()
await olivia.getByText('Keep your recovery codes').waitFor()
await looks(olivia, 'recovery-codes')
const codes = await olivia.locator('.codes li').allTextContents()
expect('ten recovery codes', codes.length === 10)
await olivia.getByRole('button', { name: 'I have kept them' }).click()

// Signing in takes two steps now, also after a reload.
await olivia.getByRole('button', { name: 'You: Olivia Bennett' }).click()
await olivia.getByRole('button', { name: 'Sign out' }).waitFor()
await looks(olivia, 'menu')
await olivia.getByRole('button', { name: 'Sign out' }).click()
await heading(olivia, 'Sign in')
await olivia.getByRole('button', { name: /Olivia Bennett/ }).click()
await heading(olivia, 'One more step')
await olivia.reload()
await heading(olivia, 'One more step')
await looks(olivia, 'second-factor')
await olivia.getByLabel('Code').fill(codes[0])
await olivia.getByRole('button', { name: 'Sign in' }).click()
await olivia.locator('.page h1').waitFor()
expect('a recovery code finishes signing in', true)

// ── Thrown out of an open page, and back ─────────────────────────────────────
await olivia.goto(`${base}/accounts/${accountId}/people?state=ACTIVE`)
await olivia.getByRole('link', { name: 'Tom Becker' }).waitFor()
const elsewhere = await person()
await elsewhere.goto(`${base}/`)
await signIn(elsewhere, 'olivia@northwind.example')
await ask(elsewhere, 'mutation ($i: VerifyTwoFactorInput!) { verifyTwoFactor(input: $i) { errors { code } } }', { i: { code: codes[1] } })
await ask(elsewhere, 'mutation { revokeOtherSessions { endedSessions } }')
await olivia.getByRole('searchbox').fill('daniel')
await heading(olivia, 'Sign in')
expect('a session that ended shows the way in, where one was', olivia.url().includes(`/accounts/${accountId}/people`))

await olivia.getByRole('button', { name: /Olivia Bennett/ }).click()
await heading(olivia, 'One more step')
await olivia.getByLabel('Code').fill(codes[2])
await olivia.getByRole('button', { name: 'Sign in' }).click()
await heading(olivia, 'People')
expect('and after it goes on there', true)

// ── A passkey, and an account that changes hands ─────────────────────────────
const daniel = await person()
const cdp = await daniel.context().newCDPSession(daniel)
await cdp.send('WebAuthn.enable')
await cdp.send('WebAuthn.addVirtualAuthenticator', {
  options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
})
await daniel.goto(`${base}/profile`)
await daniel.getByRole('button', { name: /Daniel Okafor/ }).click()
await daniel.getByRole('button', { name: 'Add a passkey' }).click()
await daniel.getByText('Keep your recovery codes').waitFor()
await daniel.getByRole('button', { name: 'I have kept them' }).click()
await daniel.getByText('never used yet').waitFor()
await looks(daniel, 'passkeys')
await daniel.getByRole('button', { name: 'You: Daniel Okafor' }).click()
await daniel.getByRole('button', { name: 'Sign out' }).click()
await daniel.getByRole('button', { name: 'Sign in with a passkey' }).click()
await daniel.locator('.page h1').waitFor()
expect('a passkey signs in alone', true)

await olivia.getByRole('link', { name: 'Daniel Okafor' }).click()
await olivia.getByRole('button', { name: 'Hand the account over' }).click()
await olivia.getByRole('dialog').getByText('You become an administrator').waitFor()
await looks(olivia, 'hand-over')
await olivia.getByRole('button', { name: 'Offer it' }).click()
await said(olivia, 'is offered to Daniel Okafor')
await olivia.goto(`${base}/accounts/${accountId}`)
await olivia.getByText('You offered this account to Daniel Okafor').waitFor()
await daniel.goto(`${base}/accounts/${accountId}`)
await daniel.getByText('Olivia Bennett offers you this account').waitFor()
await looks(daniel, 'offered')
await daniel.getByRole('button', { name: 'Accept' }).click()
await said(daniel, 'The account is yours')
await daniel.getByText('You own this account.').waitFor()
expect('an account changes hands', true)

// ── Somebody with less, and nobody's page ────────────────────────────────────
const tom = await person()
await tom.goto(`${base}/`)
await signIn(tom, 'tom@northwind.example')
await tom.goto(`${base}/accounts/${accountId}`)
await heading(tom, 'Northwind Trading')
expect('what one may not see is not offered', (await tom.getByRole('navigation').getByRole('link').allTextContents()).join() === 'Overview,Settings')
await looks(tom, 'overview-little')
tom.expected = true
await tom.goto(`${base}/accounts/acct_none`)
await tom.getByText('There is nothing here').waitFor()
await looks(tom, 'missing')
await tom.context().setOffline(true)
await tom.locator('.notice.off').waitFor()
expect('being offline is told', true)
await tom.context().setOffline(false)

// ── In German, in a hand ─────────────────────────────────────────────────────
const german = await person({ locale: 'de-DE', viewport: { width: 390, height: 844 } })
await german.goto(`${base}/`)
await heading(german, 'Anmelden')
await signIn(german, 'olivia@northwind.example')
await ask(german, 'mutation ($i: VerifyTwoFactorInput!) { verifyTwoFactor(input: $i) { errors { code } } }', { i: { code: codes[3] } })
await german.evaluate(() => localStorage.setItem('tenantry-language', 'de'))
await german.goto(`${base}/accounts/${accountId}`)
await german.getByText('Braucht Aufmerksamkeit').waitFor()
await german.getByRole('button', { name: 'Menü' }).click()
await german.getByRole('dialog').getByRole('link', { name: 'Personen' }).waitFor()
await looks(german, 'drawer')
await german.getByRole('dialog').getByRole('link', { name: 'Personen' }).click()
await heading(german, 'Personen')
await german.getByText('Tom Becker').waitFor()
await looks(german, 'people-german')

// ── The operation of a screen ────────────────────────────────────────────────
const link = await german.getByRole('link', { name: 'Diese Operation zeigen' }).getAttribute('href')
const playground = await german.context().newPage()
await playground.setViewportSize({ width: 1280, height: 800 })
await playground.goto(base + link)
await playground.locator('.view-line', { hasText: 'query People' }).first().waitFor()
expect('the playground has the operation', true)
await playground.locator('.view-line', { hasText: accountId }).first().waitFor()
expect('and its variables', true)
if (screens) await playground.screenshot({ path: `${screens}/playground-operation.png` })

await browser.close()
for (const complaint of complaints) console.error('!', complaint)
console.log(`${((Date.now() - began) / 1000).toFixed(1)}s in all`)
process.exitCode = complaints.length ? 1 : 0
