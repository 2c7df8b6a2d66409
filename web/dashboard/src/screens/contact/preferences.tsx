import { Badge, Checkbox } from '@mantine/core'
import { Icon } from '../../parts/icons'
import { useChannel } from '../../parts/rules'
import { useWords, words } from '../../words'
import { type Category, type Channel, channels, left, type Preference, wanting, wants } from '../contacts/wants'

const t = words({
  en: {
    title: 'What they get',
    text: 'By mail to the address, by a call of your webhooks, or as a note to our staff to telephone.',
    category: 'Category',
    usual: 'as usual',
    back: 'Back to usual',
    backOf: (channel: string) => `Back to usual: ${channel}`,
    all: 'Everything',
    allText: 'Also what is added later.',
    cell: (category: string, channel: string) => `${category}, ${channel}`,
    must: 'somebody must get it',
    left: 'unsubscribed',
    leftText: 'Whoever reads the mail unsubscribed. Only they can take that back.',
    silent: 'As it is, they get nothing at all.',
  },
  de: {
    title: 'Was sie bekommen',
    text: 'Per Mail an die Adresse, als Aufruf Ihrer Webhooks, oder als Notiz an unser Team, anzurufen.',
    category: 'Kategorie',
    usual: 'wie üblich',
    back: 'Wieder wie üblich',
    backOf: (channel: string) => `Wieder wie üblich: ${channel}`,
    all: 'Alles',
    allText: 'Auch was später hinzukommt.',
    cell: (category: string, channel: string) => `${category}, ${channel}`,
    must: 'jemand muss es bekommen',
    left: 'abgemeldet',
    leftText: 'Wer die Post liest, hat sich abgemeldet. Nur diese Person nimmt das zurück.',
    silent: 'So bekommt der Kontakt gar nichts.',
  },
})

/** Chooses the categories of a contact on each channel. */
export function Preferences({ categories, value, onChange, contact, fixed }: { categories: readonly Category[]; value: Preference[]; onChange: (value: Preference[]) => void; contact?: { unsubscribedFrom: readonly string[] }; fixed?: boolean }) {
  const p = useWords(t)
  const name = useChannel()
  const chosen = (channel: Channel) => value.find((x) => x.channel === channel)
  const others = (channel: Channel) => value.filter((x) => x.channel !== channel)
  function everything(channel: Channel, all: boolean) {
    const now = categories.filter((c) => wants(value, c, channel)).map((c) => c.key)
    onChange([...others(channel), all ? { channel, all, categories: [], except: [] } : { channel, all, categories: now, except: [] }])
  }
  const silent = !categories.some((c) => channels.some((channel) => wants(value, c, channel) && !(channel === 'EMAIL' && contact && left(contact, c))))
  return (
    <section className="stack" aria-label={p.title}>
      <div>
        <h3 className="legend">{p.title}</h3>
        <p className="faint small">{p.text}</p>
      </div>
      <table className="wants">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden">{p.category}</span>
            </th>
            {channels.map((channel) => (
              <th key={channel} scope="col">
                {name(channel)}
                {chosen(channel) && !fixed ? (
                  <button type="button" className="plain link small" aria-label={p.backOf(name(channel))} onClick={() => onChange(others(channel))}>
                    {p.back}
                  </button>
                ) : (
                  <span className="faint small">{!chosen(channel) && p.usual}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">
              {p.all} <span className="faint small">{p.allText}</span>
            </th>
            {channels.map((channel) => (
              <td key={channel}>
                <Checkbox aria-label={p.cell(p.all, name(channel))} checked={!!chosen(channel)?.all} disabled={fixed} onChange={(e) => everything(channel, e.currentTarget.checked)} />
              </td>
            ))}
          </tr>
          {categories.map((c) => (
            <tr key={c.key}>
              <th scope="row">
                {c.label}{' '}
                {c.mandatory && (
                  <Badge size="sm" variant="light" color="gray">
                    {p.must}
                  </Badge>
                )}
                <span className="faint small">{c.description}</span>
              </th>
              {channels.map((channel) => (
                <td key={channel}>
                  {channel === 'EMAIL' && contact && left(contact, c) ? (
                    <span className="left" title={p.leftText}>
                      <Icon name="exit" size={16} />
                      <span className="small">{p.left}</span>
                    </span>
                  ) : (
                    <Checkbox
                      aria-label={p.cell(c.label, name(channel))}
                      checked={wants(value, c, channel)}
                      disabled={fixed}
                      onChange={(e) => onChange(wanting(value, categories, c, channel, e.currentTarget.checked))}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="faint small" role="status">
        {silent && <span className="mild">{p.silent}</span>}
        {contact && contact.unsubscribedFrom.length > 0 && ` ${p.leftText}`}
      </p>
    </section>
  )
}
