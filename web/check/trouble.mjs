// Walks through what goes wrong around the dashboard: files and networks that fail, somebody
// else who comes in through another tab, a dialog that goes with the focus. Nothing is blank,
// nothing fails silently, and nobody is shown what was read for somebody else. Wants a server
// with demo data, which it leaves as it was.
//
//   node trouble.mjs [http://localhost:8080]
//
// CHROMIUM says which browser; without it /usr/bin/chromium.
import { chromium } from 'playwright-core'

const base = process.argv[2] ?? 'http://localhost:8080'
const password = 'northwind demo 2026'
const complaints = []
const began = Date.now()

process.on('uncaughtException', (e) => {
  console.error(e.message)
  for (const complaint of complaints) console.error('!', complaint)
  process.exit(1)
})

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

function expect(what, ok) {
  console.log(`${String(((Date.now() - began) / 1000).toFixed(1)).padStart(6)}s ${ok ? 'ok  ' : 'FAIL'} ${what}`)
  if (!ok) complaints.push(what)
}

/** Opens a page of somebody's own browser, signed in. What the network is to refuse is no complaint, what the page throws is. */
async function person(email) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce' })
  context.setDefaultTimeout(20_000)
  context.on('page', (page) => {
    page.on('pageerror', (e) => complaints.push(`${page.url()}: ${e.message}`))
    page.on('console', (m) => m.type() === 'error' && /Content Security Policy|Uncaught/.test(m.text()) && complaints.push(`${page.url()}: ${m.text()}`))
  })
  const page = await context.newPage()
  await page.goto(`${base}/sign-in`)
  await signIn(page, email)
  return page
}

const ask = (page, query, variables) =>
  page.evaluate(
    async ([query, variables]) => (await fetch('/graphql', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ query, variables }) })).json(),
    [query, variables],
  )
const signIn = (page, email) => ask(page, 'mutation ($i: SignInInput!) { signIn(input: $i) { errors { code } } }', { i: { email, password } })
const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor()
const section = (page, name) => page.getByRole('navigation').getByRole('link', { name }).click()

const { accountId } = await (await fetch(`${base}/playground/demo.json`)).json()
const account = `${base}/accounts/${accountId}`

// ── Files that do not come ───────────────────────────────────────────────────
const olivia = await person('olivia@northwind.example')
await olivia.goto(account)
await heading(olivia, 'Northwind Trading')
await olivia.route(/\/(roles|switcher|invite)\.js$/, (route) => route.abort())
await section(olivia, 'Roles')
await olivia.getByRole('main').getByText('did not load').waitFor()
expect('a screen that does not come says so, and the rest stays', await olivia.getByRole('navigation').getByRole('link', { name: 'People' }).isVisible())
await section(olivia, 'People')
await olivia.getByRole('searchbox').fill('tom')
await olivia.getByRole('link', { name: 'Daniel Okafor' }).waitFor({ state: 'detached' })
await olivia.keyboard.press('Control+k')
await olivia.locator('.said').getByText('did not load').waitFor()
expect('neither does a dialog take what was typed with it', (await olivia.getByRole('searchbox').inputValue()) === 'tom')
await olivia.unrouteAll({ behavior: 'ignoreErrors' })
await olivia.getByRole('button', { name: 'Try again' }).click()
await olivia.getByRole('combobox', { name: 'Search your accounts' }).waitFor()
expect('and it is there with the next click', (await olivia.getByRole('searchbox').inputValue()) === 'tom')
await olivia.keyboard.press('Escape')

// A new release has taken the place of the one that the page is of: its files are gone.
await olivia.route(/\/roles\.js(\?|$)/, (route) => route.fulfill({ status: 404, body: '' }))
await section(olivia, 'Roles')
const [anew] = await Promise.all([olivia.waitForEvent('load'), olivia.getByRole('button', { name: 'Try again' }).click()])
await olivia.unrouteAll({ behavior: 'ignoreErrors' })
expect('a page of another release is loaded anew', !!anew)

// A server that is away answers neither the question nor the file that says so.
await olivia.goto(account)
await heading(olivia, 'Northwind Trading')
await olivia.route(/\/graphql$|\/failed\.js$/, (route) => route.abort())
await section(olivia, 'People')
await olivia.getByRole('main').getByText(/did not load|does not answer/).waitFor()
expect('what cannot be asked says so without any file', true)
await olivia.unrouteAll({ behavior: 'ignoreErrors' })

// ── The focus, and little room ───────────────────────────────────────────────
await olivia.goto(`${account}/people`)
await olivia.getByRole('link', { name: 'Tom Becker' }).waitFor()
const focused = (name) => olivia.waitForFunction((name) => document.activeElement?.innerText.includes(name), name, { timeout: 3000 }).then(() => true, () => false)
for (const [what, button, opened] of [
  ['the invitation', olivia.getByRole('button', { name: 'Invite people' }), olivia.getByLabel('Addresses')],
  ['the switcher', olivia.getByRole('button', { name: /Switch account/ }), olivia.getByRole('combobox', { name: 'Search your accounts' })],
  ['the menu', olivia.getByRole('button', { name: /You: Olivia/ }), olivia.getByRole('button', { name: 'Sign out' })],
]) {
  const name = (await button.innerText()).split('\n').at(-1)
  await button.focus()
  await olivia.keyboard.press('Enter')
  await opened.waitFor()
  await olivia.keyboard.press('Escape')
  await opened.waitFor({ state: 'detached' })
  expect(`after ${what} the focus is where it was`, await focused(name))
}
await olivia.keyboard.press('Control+k')
await olivia.getByRole('combobox', { name: 'Search your accounts' }).fill('fabrikam')
await olivia.waitForFunction(() => document.querySelectorAll('[role="option"]').length === 1)
await olivia.keyboard.press('Enter')
await olivia.getByRole('link', { name: 'Marcus Chen' }).waitFor()
expect('after switching it is in the content', await olivia.evaluate(() => document.activeElement?.id === 'content'))
const narrow = await browser.newPage({ viewport: { width: 320, height: 640 }, locale: 'de-DE' })
await narrow.goto(base)
await narrow.getByRole('button', { name: /Olivia Bennett/ }).waitFor()
expect('signing in fits a page of 320 px', await narrow.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
await narrow.close()

// ── Leaving without a network ────────────────────────────────────────────────
await olivia.goto(account)
await heading(olivia, 'Northwind Trading')
await olivia.getByRole('button', { name: /You: Olivia/ }).click()
await olivia.getByRole('button', { name: 'Sign out' }).waitFor()
await olivia.route(/\/graphql$/, (route) => route.abort())
await olivia.getByRole('button', { name: 'Sign out' }).click()
await olivia.getByRole('status').getByText('The server does not answer').waitFor()
expect('whoever is not signed out is told', true)
await olivia.unrouteAll({ behavior: 'ignoreErrors' })

// ── Somebody else, in another tab ────────────────────────────────────────────
await olivia.goto(`${account}/people`)
await olivia.getByRole('link', { name: 'Tom Becker' }).waitFor()
await olivia.evaluate(() => {
  window.seen = new Set()
  new MutationObserver(() => window.seen.add(`${document.querySelector('.head .round')?.textContent}: ${document.querySelectorAll('.people > li').length}`)).observe(document.body, { childList: true, subtree: true, characterData: true })
})
const tab = await olivia.context().newPage()
await tab.goto(`${base}/sign-in`)
await signIn(tab, 'tom@northwind.example')
await tab.goto(`${base}/profile`)
await tab.getByRole('button', { name: /You: Tom/ }).waitFor()
await olivia.getByRole('button', { name: /You: Tom/ }).waitFor()
await olivia.getByText('This is not for you yet').waitFor()
const seen = await olivia.evaluate(() => [...window.seen])
expect(`nobody is shown the rows of who was there before (${seen.join('; ')})`, seen.some((s) => /You: Tom/.test(s)) && !seen.some((s) => /You: Tom.*: [1-9]/.test(s)))
expect('nor offered what they may not do', !(await olivia.getByRole('button', { name: 'Invite people' }).count()))
// The other way round, and through a page that is no part of the dashboard.
await ask(tab, 'mutation { signOut { signedOut } }')
await heading(olivia, 'Sign in')
await tab.goto(`${base}/sign-in`)
await signIn(tab, 'olivia@northwind.example')
await olivia.bringToFront()
await olivia.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
await olivia.getByRole('link', { name: 'Tom Becker' }).waitFor()
expect('whoever comes back to a tab finds who is there now', await olivia.getByRole('button', { name: /You: Olivia/ }).isVisible())
await tab.close()

// ── An answer from before ────────────────────────────────────────────────────
// Whatever asks who is there while nobody is, and is answered late, keeps out nobody who has come in.
async function comesIn(page, what, prompt) {
  const [asks, comes] = ['query Me', 'mutation SignIn('].map((text) => (r) => r.postData()?.includes(text))
  const came = page.waitForResponse((r) => comes(r.request()))
  await page.route(/\/graphql$/, async (route) => {
    if (!asks(route.request())) return route.continue()
    const response = await route.fetch()
    await came
    await route.fulfill({ response })
  })
  const asking = page.waitForRequest(asks)
  await prompt()
  await asking
  await page.getByRole('button', { name: /Olivia Bennett/ }).click()
  await page.getByRole('button', { name: /You: Olivia/ }).waitFor()
  expect(what, true)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
}
async function leaves(page) {
  await page.getByRole('button', { name: /You: Olivia/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await heading(page, 'Sign in')
}
await leaves(olivia)
await olivia.goto(base)
await heading(olivia, 'Sign in')
await comesIn(olivia, 'an answer from before does not keep out whoever has come in', () => olivia.evaluate(() => document.dispatchEvent(new Event('visibilitychange'))))
// The connection of the session that has ended is cut off late.
const cut = await person('olivia@northwind.example')
let cutOff
const now = new Promise((done) => (cutOff = done))
const connected = new Promise((done) =>
  cut.routeWebSocket(/graphql/, (ws) => {
    const server = ws.connectToServer()
    server.onMessage((m) => {
      ws.send(m)
      done()
    })
    server.onClose((code, reason) => void now.then(() => ws.close({ code, reason })))
  }),
)
await cut.goto(account)
await heading(cut, 'Northwind Trading')
await connected
await leaves(cut)
await comesIn(cut, 'nor does one that a late connection asked for', cutOff)

// ── Half a session that has ended ────────────────────────────────────────────
await leaves(cut)
let first = true
await cut.route(/\/graphql$/, (route) => {
  if (!first || !route.request().postData()?.includes('query Me')) return route.continue()
  first = false
  return route.fulfill({ json: { data: { viewer: null, pendingSignIn: { __typename: 'PendingSignIn', secondFactors: ['TOTP'], maskedEmail: 'o…@northwind.example' } } } })
})
await cut.goto(base)
await heading(cut, 'One more step')
await cut.getByLabel('Code').fill('123456')
await cut.getByRole('button', { name: 'Sign in' }).click()
await heading(cut, 'Sign in')
expect('a second step that came too late begins anew', true)
await cut.unrouteAll({ behavior: 'ignoreErrors' })

await browser.close()
for (const complaint of complaints) console.error('!', complaint)
process.exit(complaints.length ? 1 : 0)
