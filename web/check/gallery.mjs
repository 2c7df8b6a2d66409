// Makes docs/screens out of the pictures of a walk through the dashboard: those of every
// screen, a page that shows them, and the one that opens the README. A picture that is not in
// the list below fails it, and so does one that is missing.
//
//   node gallery.mjs <folder that dashboard.mjs filled> <docs/screens>
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const [from, to] = process.argv.slice(2)
const ways = ['light', 'dark', 'phone']
const most = 7_000_000

const sections = {
  'Coming in': {
    'sign-in': 'Address and password, a passkey, or with one click somebody of the demo data.',
    'sign-up': 'Who is new says a name and an address; what is wrong stands beside its field.',
    mailed: 'The same words whoever the address belongs to.',
    'forgot-password': 'A new password begins with a mail.',
    'second-factor': 'The second step waits through a reload.',
    'session-ended': 'Whoever is signed out elsewhere signs in again and goes on where they were.',
  },
  'Accounts': {
    accounts: 'Invitations that wait, and every account with what is new in it. A default skips the question.',
    switcher: 'Ctrl K or ⌘K, a few letters, Enter: another account, in the same section.',
    menu: 'Profile, colours, language and the way out.',
    drawer: 'The sections of an account on a telephone, here in German.',
    overview: 'What needs attention comes first, each with the way to where it is mended.',
    'overview-little': 'Somebody with few permissions is offered nothing that they may not do.',
    'overview-stopped': 'What stopped by itself: a webhook that was switched off, a token that ended.',
    offered: 'An account that is offered to its next owner.',
    'take-over': 'Taking an account over says what it means.',
    decline: 'An invitation that is declined is gone.',
    'thrown-out': 'An open page, half a second after its person was deactivated.',
    forbidden: 'A screen that the permissions do not include.',
    missing: 'What does not exist and what is not yours look the same.',
  },
  'People': {
    people: 'Members and invited people in one list, with roles, second factor and last access.',
    'people-german': 'The same in German.',
    'invite-who': 'Addresses as they are pasted, with names or without.',
    'invite-what': 'Roles, and single permissions by module with what each would mean.',
    'invite-end': 'Sub-accounts, and an access that ends by itself.',
    'invite-review': 'What would become of each address, and the risk that has to be read, before anything is sent.',
    'invite-done': 'What became of each.',
    'invite-german': 'The risks of an invitation in German.',
    confirm: 'What cannot be undone asks first.',
    member: 'Roles and permissions of a member, what a change would change, and why any permission is held or not.',
    'member-conflict': 'Somebody else was quicker: what was chosen is kept, and what they changed is told.',
    'member-end': 'An end for somebody’s access.',
    'reactivate-end': 'An access that had ended comes back with another end, or with none.',
    'hand-over': 'An account is offered to another owner.',
    leave: 'A member leaves.',
    review: 'The review of access: who has it, and why each is named.',
    'review-contacts': 'Contacts whose address nobody has confirmed.',
    'review-changed': 'What changes meanwhile has to be seen before it is confirmed.',
    'review-confirm': 'A confirmation says what was looked at.',
    'review-confirmed': 'Who confirmed it, and when.',
    roles: 'The roles that come with the product, and those of the account.',
    'role-new': 'A role of the account’s own, with the warning that belongs to what was chosen.',
    'role-german': 'A role in German, with the names and texts of the catalogue.',
  },
  'Contacts and notifications': {
    contacts: 'Who gets mail, about what, and whether the address is confirmed.',
    'contacts-matrix': 'Who gets what: a tick is saved at once.',
    'contacts-theirs': 'What whoever reads the mail unsubscribed from stays theirs to take back.',
    coverage: 'What nobody would get, why, and whom to send it to.',
    contact: 'Details, preferences and login of a contact, and whether mail arrives.',
    'contact-new': 'A new contact; the address is taken, and its field says so.',
    'contact-conflict': 'What was typed stays on top of what somebody else saved.',
    'contact-bounced': 'Mail to the address comes back, with what the server said.',
    'contact-login': 'A login for a contact is an invitation.',
    'contact-german': 'A contact in German.',
    notifications: 'What was sent, to whom, and by which rule.',
    'notification-failed': 'What was given up, and the way to send it again.',
  },
  'History': {
    history: 'Who did what and when, each with what changed. Nobody can change it.',
  },
  'Programs and webhooks': {
    'programs-none': 'No program yet.',
    'program-new': 'A token with just what the program needs; one that never ends is acknowledged.',
    'program-token': 'The token is shown once, with a request to try it.',
    programs: 'What each program may do, until when, and when it was last used.',
    'program-revoke': 'A token is revoked.',
    'webhooks-none': 'No webhook yet.',
    'webhook-new': 'Which events are called where. Addresses inside a network are refused.',
    'webhook-secret': 'The secret that calls are signed with is shown once.',
    webhook: 'A webhook, a test of it, and its calls.',
    'webhook-paused': 'A paused webhook, with two secrets for a day.',
    webhooks: 'All of them.',
  },
  'Settings': {
    settings: 'What the account is called, and what stands on its invoices.',
    'settings-policies': 'Before a policy holds one sees whom it would keep out.',
    'settings-german': 'Settings in German.',
    'settings-hand-over': 'The account is offered to another owner.',
    'sub-account': 'A sub-account is opened.',
    'close-account': 'What closing means is said before.',
    closed: 'A closed account is there to be read, and opened again.',
  },
  'One’s own': {
    profile: 'Name, language, address and password.',
    prove: 'Dangerous things ask once more who it is.',
    'two-factor': 'An authenticator app is set up.',
    'recovery-codes': 'Ten codes for a lost telephone.',
    passkeys: 'Passkeys, and where one is signed in.',
  },
}

const listed = new Set(Object.values(sections).flatMap((screens) => Object.keys(screens).flatMap((name) => ways.map((way) => `${name}-${way}.webp`))))
const taken = readdirSync(from).filter((file) => ways.some((way) => file.endsWith(`-${way}.webp`)))
const wrong = [...taken.filter((file) => !listed.has(file)).map((file) => `${file} is in no list of gallery.mjs`), ...[...listed].filter((file) => !taken.includes(file)).map((file) => `${file} was not taken`)]
if (wrong.length) throw new Error(wrong.join('\n'))

rmSync(`${to}/dashboard`, { recursive: true, force: true })
mkdirSync(`${to}/dashboard`)
let bytes = 0
for (const file of taken) {
  const picture = readFileSync(`${from}/${file}`)
  bytes += picture.length
  writeFileSync(`${to}/dashboard/${file}`, picture)
}

// The overview by day on a desk, and by night in a hand.
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] })
const page = await browser.newPage({ viewport: { width: 1480, height: 930 } })
const picture = (file) => `data:image/webp;base64,${readFileSync(`${from}/${file}.webp`).toString('base64')}`
await page.setContent(`<style>
  body { margin: 0; width: 1480px; height: 930px; background: linear-gradient(120deg, #dfe6f7, #eef1f8 55%, #d5def5); position: relative; }
  img { position: absolute; display: block; box-shadow: 0 18px 60px #1a2a5533, 0 2px 8px #1a2a5522; }
  .desk { left: 48px; top: 48px; border-radius: 14px; }
  .hand { right: 44px; bottom: 34px; width: 320px; border-radius: 34px; border: 9px solid #0b0d12; }
</style><img class="desk" src="${picture('overview-light')}"><img class="hand" src="${picture('overview-phone-night')}">`)
await page.waitForFunction(() => [...document.images].every((i) => i.complete))
const { data } = await (await page.context().newCDPSession(page)).send('Page.captureScreenshot', { format: 'webp', quality: 80 })
await browser.close()
writeFileSync(`${to}/dashboard/cover.webp`, Buffer.from(data, 'base64'))
bytes += Buffer.from(data, 'base64').length
if (bytes > most) throw new Error(`The pictures are ${bytes} bytes, over ${most}.`)

const image = (name, way, width, alt) => `<img src="dashboard/${name}-${way}.webp" width="${width}" alt="${alt}">`
const lines = [
  '# The screens of the dashboard',
  '',
  'Each in light, in dark and on a telephone 390 pixels wide, with the demo data, as a walk through them finds them (`web/check/dashboard.mjs`); axe finds nothing wrong with any of them.',
  '`make screens` takes the pictures again and writes this page. The mails are in [mail](mail).',
  '',
  Object.keys(sections).map((title) => `[${title}](#${title.toLowerCase().replaceAll('’', '').replaceAll(' ', '-')})`).join(' · '),
]
for (const [title, screens] of Object.entries(sections)) {
  lines.push('', `## ${title}`)
  for (const [name, says] of Object.entries(screens)) {
    lines.push('', `**${says}**`, '', `${image(name, 'light', '41%', `${says} In light.`)} ${image(name, 'dark', '41%', 'In dark.')} ${image(name, 'phone', '15%', 'On a telephone.')}`)
  }
}
writeFileSync(`${to}/README.md`, `${lines.join('\n')}\n`)
console.log(`${taken.length + 1} pictures, ${bytes} bytes`)
