// Takes pictures of the mails, several to a sheet, as a telephone shows them.
//
//   node mail.mjs <folder with <locale>/<kind>.html> <folder for the sheets>
//
// CHROMIUM says which browser; without it /usr/bin/chromium.
import { readFile, readdir, writeFile, mkdir } from 'node:fs/promises'
import { chromium } from 'playwright-core'

const [from, to] = process.argv.slice(2)
const width = 390
const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" rx="16" fill="#2a55d4"/><path d="M16 46 32 16l16 30h-9l-7-14-7 14z" fill="#fff"/></svg>`

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

/** A sheet of letters in columns, each [locale, kind]: in rows, or where the sheet is shortest. */
async function sheet(name, colorScheme, columns, letters, rows = false) {
  const context = await browser.newContext({ viewport: { width: columns * (width + 24) + 24, height: 800 }, colorScheme })
  const page = await context.newPage()
  await page.route('**/*', (route) =>
    route.request().url().endsWith('/logo.png') ? route.fulfill({ contentType: 'image/svg+xml', body: logo }) : route.abort())
  const dark = colorScheme === 'dark'
  await page.setContent(`<!doctype html><meta name="color-scheme" content="${colorScheme}"><style>
    body { margin: 0; padding: 24px; background: ${dark ? '#000' : '#d7dbe2'}; display: flex; gap: 24px; align-items: flex-start; }
    div { flex: none; width: ${width}px; }
    p { margin: 0 0 8px; font: 600 15px system-ui, sans-serif; color: ${dark ? '#b6bec9' : '#3a4250'}; }
    iframe { width: ${width}px; border: 0; border-radius: 12px; margin-bottom: 28px; display: block; }
  </style>` + '<div></div>'.repeat(columns))
  for (const [i, [locale, kind]] of letters.entries()) {
    await page.evaluate(async ({ label, source, at }) => {
      const all = [...document.querySelectorAll('div')]
      const column = at === null ? all.reduce((a, b) => (b.offsetHeight < a.offsetHeight ? b : a)) : all[at]
      const title = document.createElement('p')
      title.textContent = label
      const frame = document.createElement('iframe')
      frame.srcdoc = source
      frame.style.height = '10px'
      column.append(title, frame)
      await new Promise((done) => { frame.onload = done })
      frame.style.height = frame.contentDocument.documentElement.scrollHeight + 'px'
      if (frame.contentDocument.documentElement.scrollWidth > frame.clientWidth) throw new Error(label + ' is wider than a telephone')
    }, { at: rows ? i % columns : null, label: locale === 'en' ? kind : `${kind}, ${locale}`, source: await readFile(`${from}/${locale}/${kind}.html`, 'utf8') })
  }
  const session = await context.newCDPSession(page)
  const height = await page.evaluate(() => Math.max(...[...document.querySelectorAll('div')].map((d) => d.offsetHeight)) + 24)
  await page.setViewportSize({ width: columns * (width + 24) + 24, height })
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 72 })
  const picture = Buffer.from(data, 'base64')
  await writeFile(`${to}/${name}.webp`, picture)
  console.log(name, Math.round(picture.length / 1024) + ' kB')
  await context.close()
}

await mkdir(to, { recursive: true })
const kinds = (await readdir(`${from}/en`)).map((name) => name.replace('.html', '')).sort()
const some = (test) => kinds.filter(test).map((kind) => ['en', kind])
const about = {
  notifications: (k) => /^(notification|test_notification|contact_verification|invitation_accepted|membership_ended|access_ending|permissions_widened)/.test(k),
  accounts: (k) => /^(account|invitation$|invitation_reminder|confirm_invited|member_|permissions_changed|two_factor)/.test(k),
  ownership: (k) => /^ownership/.test(k),
}
about.people = (k) => !about.notifications(k) && !about.accounts(k) && !about.ownership(k)
await sheet('notifications', 'light', 5, some(about.notifications))
await sheet('notifications-dark', 'dark', 5, some(about.notifications))
await sheet('accounts', 'light', 6, some(about.accounts))
await sheet('ownership', 'light', 5, some(about.ownership))
await sheet('people', 'light', 6, some(about.people))
for (const colorScheme of ['light', 'dark']) {
  const three = ['invitation', 'notification_html', 'security_notice']
  await sheet(`languages-${colorScheme}`, colorScheme, 4, three.flatMap((kind) => ['en', 'de', 'fr', 'es'].map((locale) => [locale, kind])), true)
}
await browser.close()
