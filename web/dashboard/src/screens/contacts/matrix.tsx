import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { useAct } from '../../api/act'
import { useSaying } from '../../api/failure'
import { Icon } from '../../parts/icons'
import { useSay } from '../../parts/said'
import { useAccount } from '../../shell/account'
import { useWords, words } from '../../words'
import { SET_PREFERENCES } from './operations'
import { type Category, copied, input, left, type Listed, nameOf, wanting, wants } from './wants'

const t = words({
  en: {
    table: 'Who gets what by mail',
    contact: 'Contact',
    cell: (category: string, who: string) => `${category} to ${who}`,
    left: (category: string, who: string) => `${who} unsubscribed from ${category}`,
    mandatory: 'somebody must get it',
    key: 'Each tick is a category by mail, and changes at once.',
    keyMandatory: 'somebody must get it',
    keyLeft: 'whoever reads the mail unsubscribed, and only they take it back',
    keyBounces: 'nothing is sent until that is cleared',
    bounces: 'mail comes back',
    conflict: (who: string) => `Somebody changed ${who} in this moment. This is how it is now.`,
    nothing: (who: string) => `${who} now gets nothing at all.`,
    fallback: 'No contact gets this any more, so the owner does.',
  },
  de: {
    table: 'Wer was per Mail bekommt',
    contact: 'Kontakt',
    cell: (category: string, who: string) => `${category} an ${who}`,
    left: (category: string, who: string) => `${who} hat sich von ${category} abgemeldet`,
    mandatory: 'jemand muss es bekommen',
    key: 'Jedes Häkchen ist eine Kategorie per Mail und gilt sofort.',
    keyMandatory: 'jemand muss es bekommen',
    keyLeft: 'wer die Post liest, hat sich abgemeldet und nimmt es nur selbst zurück',
    keyBounces: 'es wird nichts geschickt, bis das behoben ist',
    bounces: 'Post kommt zurück',
    conflict: (who: string) => `Jemand hat ${who} in diesem Moment geändert. So ist es jetzt.`,
    nothing: (who: string) => `${who} bekommt jetzt gar nichts mehr.`,
    fallback: 'Kein Kontakt bekommt das mehr, darum der Inhaber.',
  },
})

/** All contacts by all categories: what they get by mail, each to be changed where it stands. */
export default function Matrix({ contacts, categories, base, changed }: { contacts: readonly Listed[]; categories: readonly Category[]; base: string; changed: () => Promise<void> }) {
  const p = useWords(t)
  const done = useSay()
  const say = useSaying()
  const { open } = useAccount()
  const [set] = useAct(SET_PREFERENCES)
  // Under way: shown as chosen until the answer is there.
  const [chosen, setChosen] = useState<Record<string, boolean>>({})

  async function change(contact: Listed, category: Category, on: boolean) {
    const cell = `${contact.id} ${category.key}`
    const who = nameOf(contact)
    setChosen((was) => ({ ...was, [cell]: on }))
    const preferences = input(wanting(copied(contact.preferences), categories, category, 'EMAIL', on))
    const { payload, refusals } = await set({ input: { contactId: contact.id, version: contact.version, preferences } })
    if (refusals.some((r) => r.code === 'CONFLICT')) {
      await changed()
      done({ text: p.conflict(who) })
    } else if (refusals.length) done({ text: refusals.map(say).join(' ') })
    else if (payload?.warnings.includes('CONTACT_RECEIVES_NOTHING')) done({ text: p.nothing(who) })
    else if (!on && payload?.warnings.includes('OWNER_IS_FALLBACK')) done({ text: p.fallback })
    setChosen(({ [cell]: _, ...was }) => was)
  }

  const busy = (id: string) => Object.keys(chosen).some((cell) => cell.startsWith(`${id} `))
  return (
    <>
      {/* It scrolls sideways where it is narrow, so the keyboard must reach it. */}
      <div className="scroll" tabIndex={0} role="region" aria-label={p.table}>
        <table className="matrix">
          <thead>
            <tr>
              <th scope="col">{p.contact}</th>
              {categories.map((c) => (
                <th key={c.key} scope="col" title={c.description}>
                  <span className="turn">
                    {c.label}
                    {c.mandatory && (
                      <span className="must">
                        {' *'}
                        <span className="hidden"> {p.mandatory}</span>
                      </span>
                    )}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {contacts.map((contact) => {
              const who = nameOf(contact)
              const preferences = copied(contact.preferences)
              return (
                <tr key={contact.id} className={contact.suppression ? 'off' : undefined}>
                  <th scope="row">
                    <Link href={`${base}/contacts/${contact.id}`}>{who}</Link>
                    {contact.suppression && <span className="bad small">{p.bounces}</span>}
                  </th>
                  {categories.map((c) => (
                    <td key={c.key}>
                      {left(contact, c) ? (
                        <span className="left" role="img" aria-label={p.left(c.label, who)} title={p.left(c.label, who)}>
                          <Icon name="exit" size={16} />
                        </span>
                      ) : (
                        <Checkbox
                          aria-label={p.cell(c.label, who)}
                          checked={chosen[`${contact.id} ${c.key}`] ?? wants(preferences, c, 'EMAIL')}
                          readOnly={busy(contact.id)}
                          disabled={!open}
                          onChange={(e) => !busy(contact.id) && void change(contact, c, e.currentTarget.checked)}
                        />
                      )}
                    </td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <p className="legendary faint small">
        {p.key} <span className="must">*</span> {p.keyMandatory}
        {contacts.some((c) => c.unsubscribedFrom.length) && (
          <>
            {' · '}
            <Icon name="exit" size={14} /> {p.keyLeft}
          </>
        )}
        {contacts.some((c) => c.suppression) && ` · ${p.bounces}: ${p.keyBounces}`}
      </p>
    </>
  )
}
