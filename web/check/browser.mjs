// What every walk needs: a browser, people with browsers of their own, what is expected of a
// page, and their mail. The first argument of a walk is the server, the second a folder for
// pictures, or -; CHROMIUM says which browser, without it /usr/bin/chromium.
import { createHmac } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

export const base = process.argv[2] ?? 'http://localhost:8080'
// "-" looks at screens without pictures, and at the second glance at colours and sizes alone.
export const screens = process.argv[3]
const kept = screens !== '-'
export const complaints = []
const began = Date.now()
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

process.on('uncaughtException', async (e) => {
  console.error(e.message)
  // What the last page says tells most of the story.
  const pages = browser.contexts().flatMap((c) => c.pages())
  for (const page of pages.slice(-3)) console.error('at', page.url().replace(/#.*/, ''), (await page.locator('body').innerText({ timeout: 1000 }).catch(() => '')).replace(/\s+/g, ' ').slice(0, 400))
  if (screens && kept) for (const [i, c] of browser.contexts().entries()) for (const page of c.pages()) await page.screenshot({ path: `${screens}/stuck-${i}.png` }).catch(() => {})
  for (const complaint of complaints) console.error('!', complaint)
  process.exit(1)
})

export const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

/** Opens a page of somebody's own browser. What goes wrong in it, or leaves the server, is complained of, unless the page expects it. */
export async function person(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', colorScheme: 'light', reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(20_000)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base })
  context.on('page', (page) => {
    page.subscriptions = 0
    page.on('websocket', (s) => s.on('framesent', ({ payload }) => String(payload).includes('"subscribe"') && page.subscriptions++))
    page.on('pageerror', (e) => complaints.push(`${page.url()}: ${e.message}`))
    // The mailbox lets no script into a mail, not even what a walk puts into every page.
    const known = (m) => m.location().url.endsWith('/playground/demo.json') || /^Blocked script execution in '(about:blank|[^']+\/dev\/mail\/[^']+)'/.test(m.text())
    page.on('console', (m) => m.type() === 'error' && !page.expected && !known(m) && complaints.push(`${page.url()}: ${m.text()}`))
    page.on('request', (r) => !r.url().startsWith(base) && !/^(data|blob|about):/.test(r.url()) && complaints.push(`request to ${r.url()}`))
  })
  return context.newPage()
}

/** Says what was expected and whether it is so; what is not fails the walk at its end. */
export function expect(what, ok) {
  console.log(`${String(((Date.now() - began) / 1000).toFixed(1)).padStart(6)}s ${ok ? 'ok  ' : 'FAIL'} ${what}`)
  if (!ok) complaints.push(what)
}

/** Ends a walk: everything that was complained of, and whether it failed. */
export async function end() {
  await browser.close()
  for (const complaint of complaints) console.error('!', complaint)
  console.log(`${((Date.now() - began) / 1000).toFixed(1)}s in all`)
  process.exitCode = complaints.length ? 1 : 0
}

/** Asks the API as whoever the page is signed in as. */
export const ask = (page, query, variables) =>
  page.evaluate(
    async ([query, variables]) => {
      const headers = { 'Content-Type': 'application/json' }
      return (await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json()
    },
    [query, variables],
  )

/** What axe has against the page, or against its colours alone, with where; and whether it is wider than its window. */
async function faults(page, colours) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { resultTypes: ['violations'], iframes: false, ...(runOnly && { runOnly }) }), colours && { type: 'rule', values: ['color-contrast', 'target-size'] })
  const wrong = violations.map((v) => `${v.id} (${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')})`)
  if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wrong.push('wider than the window')
  return wrong
}

/** Shows a page in light or in dark, and gives what is wrong with it: where it was seen in the other, with its colours. */
export async function seen(page, colorScheme, colours) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  // Colours fade, and axe judges what it sees; what moves for ever is not waited for.
  await page.evaluate(async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    const fading = document.getAnimations().filter((a) => a.playState === 'running' && a.effect.getComputedTiming().endTime < 1000)
    await Promise.race([Promise.allSettled(fading.map((a) => a.finished)), new Promise((done) => setTimeout(done, 1000))])
  })
  return faults(page, colours)
}

const wires = new WeakMap()

/** Takes a picture of what is in the window. */
export async function picture(page, name) {
  if (!kept) return
  // The connection stays: with its end a virtual authenticator of the page would end, too.
  if (!wires.has(page)) wires.set(page, await page.context().newCDPSession(page))
  const { data } = await wires.get(page).send('Page.captureScreenshot', { format: 'webp', quality: 64 })
  writeFileSync(`${screens}/${name}.webp`, Buffer.from(data, 'base64'))
}

/** Looks at a screen in light, in dark, and at the width of a telephone, from its top or where `at` is; where pictures are wanted. */
export async function looks(page, name, at) {
  if (!screens) return page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const was = page.viewportSize()
  // What was said of something else is not in the picture.
  const said = (visibility) => page.evaluate((visibility) => document.querySelectorAll('.said').forEach((s) => (s.style.visibility = visibility)), visibility)
  await said('hidden')
  const ways = kept ? [['light', 1280, 800, 'light'], ['dark', 1280, 800, 'dark'], ['phone', 390, 844, 'light']] : [['light', 1280, 800, 'light'], ['phone in the dark', 390, 844, 'dark']]
  for (const [way, width, height, colorScheme] of ways) {
    await page.setViewportSize({ width, height })
    if (at) await at.evaluate((e) => scrollTo(0, e.getBoundingClientRect().top + scrollY - 80))
    else await page.evaluate(() => scrollTo(0, 0))
    const wrong = await seen(page, colorScheme, colorScheme === 'dark')
    expect(`${name}, ${way}${wrong.length ? `: ${wrong.join('; ')}` : ''}`, !wrong.length)
    await picture(page, `${name}-${way}`)
  }
  await said('')
  await page.setViewportSize(was)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}

/** What an authenticator app shows so many periods from now. */
export function totp(secret, periods) {
  const bits = [...secret.replaceAll(' ', '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + periods))
  const mac = createHmac('sha1', key).update(step).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1e6).padStart(6, '0')
}

/** Waits for a mail to somebody that is as wanted, and gives the newest. */
export async function mail(to, wanted = () => true) {
  for (let i = 0; i < 100; i++) {
    const mails = await (await fetch(`${base}/dev/mail/messages?to=${encodeURIComponent(to)}`)).json()
    const found = mails.find(wanted)
    if (found) return found
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`no such mail to ${to}`)
}

/** Waits for a mail to somebody with a link to a page, and gives the link. */
export async function link(to, path) {
  const leads = new RegExp(`\\S+${path}#\\S+`)
  return (await mail(to, (m) => leads.test(m.text))).text.match(leads)[0]
}
