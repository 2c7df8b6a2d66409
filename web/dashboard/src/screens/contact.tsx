import { Alert, Skeleton } from '@mantine/core'
import { Link } from 'wouter'
import { useQuery } from '../api/query'
import { Icon } from '../parts/icons'
import { Failed, Page } from '../parts/page'
import { useAccount } from '../shell/account'
import { useWords, words } from '../words'
import { Editor } from './contact/editor'
import { CHOICES, CONTACT, CREATE } from './contact/operations'
import { Address, Login, More, Test } from './contact/side'
import { nameOf } from './contacts/wants'

const t = words({
  en: {
    contacts: 'Contacts',
    add: 'Add a contact',
    lead: 'Details, preferences and login are saved together.',
    suspended: 'The account is suspended: contacts can be read, not changed.',
    bounced: 'Mail to this address comes back, so none is sent. Correct the address, or have mail sent again beside it.',
  },
  de: {
    contacts: 'Kontakte',
    add: 'Kontakt anlegen',
    lead: 'Angaben, Einstellungen und Anmeldung werden zusammen gespeichert.',
    suspended: 'Das Konto ist gesperrt: Kontakte lassen sich lesen, nicht ändern.',
    bounced: 'Post an diese Adresse kommt zurück, darum wird keine geschickt. Berichtigen Sie die Adresse, oder lassen Sie daneben wieder Post schicken.',
  },
})

/** One contact, or a new one: who they are, what they get, whether it arrives, whether they sign in. */
export default function Contact({ contactId }: { contactId: string }) {
  return contactId === 'new' ? <New /> : <Known contactId={contactId} />
}

function New() {
  const p = useWords(t)
  const { account, base } = useAccount()
  return (
    <Page
      title={p.add}
      lead={
        <span className="row tight">
          <Link href={`${base}/contacts`}>{p.contacts}</Link> <Icon name="next" size={14} /> {p.lead}
        </span>
      }
      shown={{ document: CREATE, variables: { input: { accountId: account.id, email: '' } } }}
    >
      <Editor />
    </Page>
  )
}

function Known({ contactId }: { contactId: string }) {
  const p = useWords(t)
  const { account, base, open } = useAccount()
  const { data, error, loading, refetch } = useQuery(CONTACT, { variables: { contactId }, fetchPolicy: 'cache-and-network' })
  useQuery(CHOICES, { variables: { accountId: account.id } })
  const contact = data?.node && 'version' in data.node ? data.node : null
  const again = () => refetch().then(() => {})
  return (
    <Page
      title={contact ? nameOf(contact) : loading ? '…' : p.contacts}
      lead={
        <span className="row tight">
          <Link href={`${base}/contacts`}>{p.contacts}</Link> <Icon name="next" size={14} /> {contact?.email}
        </span>
      }
      shown={{ document: CONTACT, variables: { contactId } }}
    >
      {contact ? (
        <>
          {!open && <Alert color="yellow">{p.suspended}</Alert>}
          {contact.suppression && <Alert color="red">{p.bounced}</Alert>}
          <div className="two">
            <Editor contact={contact} refetch={again} />
            <div className="stack side-stack">
              <Address contact={contact} />
              <Test contact={contact} />
              <Login contact={contact} refetch={again} />
              <More contact={contact} />
            </div>
          </div>
        </>
      ) : loading ? (
        <div className="two" aria-busy="true">
          <Skeleton h={640} radius="lg" />
          <Skeleton h={220} radius="lg" />
        </div>
      ) : (
        <Failed error={error} again={again} />
      )}
    </Page>
  )
}
