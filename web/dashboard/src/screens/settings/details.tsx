import { Alert, Button, Select } from '@mantine/core'
import { useState } from 'react'
import { useAct } from '../../api/act'
import { graphql } from '../../api/graphql'
import { Text } from '../../parts/field'
import { Form, useField } from '../../parts/form'
import { Panel } from '../../parts/page'
import { useSay } from '../../parts/said'
import { useAccount } from '../../shell/account'
import { useLanguage, useWords, words } from '../../words'
import type { Part, Settings } from '../settings'
import { countries } from './countries'

const t = words({
  en: {
    title: 'Details',
    name: 'Name',
    nameText: 'What people call this account.',
    company: 'Legal name',
    companyText: 'As it stands on invoices.',
    billingEmail: 'Address for billing questions',
    billingText: 'Whom to ask. Notifications go to contacts.',
    phone: 'Telephone',
    phoneText: 'In international form: +49 30 1234567',
    taxId: 'VAT or tax number',
    address: 'Postal address',
    line1: 'Street and number',
    line2: 'More of the street address',
    postalCode: 'Postal code',
    city: 'Town',
    region: 'State, province or county',
    country: 'Country',
    number: 'Customer number',
    numberText: 'The company gives it.',
    save: 'Save',
    saved: 'The details are saved.',
    conflict: 'Somebody changed these details while you were at it. Yours are still in the form: save again to put them in the place of theirs.',
    theirs: 'They wrote:',
    nothing: 'nothing',
  },
  de: {
    title: 'Angaben',
    name: 'Name',
    nameText: 'Wie dieses Konto heißt.',
    company: 'Firmenname',
    companyText: 'Wie er auf Rechnungen steht.',
    billingEmail: 'Adresse für Fragen zur Abrechnung',
    billingText: 'Wen man fragt. Benachrichtigungen gehen an Kontakte.',
    phone: 'Telefon',
    phoneText: 'In internationaler Form: +49 30 1234567',
    taxId: 'Umsatzsteuer- oder Steuernummer',
    address: 'Postanschrift',
    line1: 'Straße und Hausnummer',
    line2: 'Adresszusatz',
    postalCode: 'Postleitzahl',
    city: 'Ort',
    region: 'Bundesland, Kanton oder Provinz',
    country: 'Land',
    number: 'Kundennummer',
    numberText: 'Das Unternehmen vergibt sie.',
    save: 'Speichern',
    saved: 'Die Angaben sind gespeichert.',
    conflict: 'Jemand hat diese Angaben inzwischen geändert. Ihre stehen noch im Formular: Speichern Sie noch einmal, um sie an die Stelle der anderen zu setzen.',
    theirs: 'Dort steht jetzt:',
    nothing: 'nichts',
  },
})

const UPDATE = graphql(`
  mutation UpdateAccount($input: UpdateAccountInput!) {
    updateAccount(input: $input) {
      account {
        id
        name
        profile {
          company
          billingEmail
          phone
          taxId
          address {
            line1
            line2
            city
            region
            postalCode
            country
          }
          version
        }
      }
      errors {
        code
        field
        message
        retryAfter
      }
    }
  }
`)

const lines = ['line1', 'line2', 'postalCode', 'city', 'region', 'country'] as const
const parts = ['name', 'company', 'billingEmail', 'phone', 'taxId', ...lines] as const

// Every part of the details by the name that its field has.
const written = ({ name, profile: d }: Settings): Record<(typeof parts)[number], string> => ({
  name,
  company: d?.company ?? '',
  billingEmail: d?.billingEmail ?? '',
  phone: d?.phone ?? '',
  taxId: d?.taxId ?? '',
  line1: d?.address.line1 ?? '',
  line2: d?.address.line2 ?? '',
  postalCode: d?.address.postalCode ?? '',
  city: d?.address.city ?? '',
  region: d?.address.region ?? '',
  country: d?.address.country ?? '',
})

function Country({ value, fixed }: { value: string; fixed: boolean }) {
  const p = useWords(t)
  const { language } = useLanguage()
  const names = new Intl.DisplayNames(language, { type: 'region' })
  const data = countries.map((code) => ({ value: code, label: names.of(code) ?? code })).sort((a, b) => a.label.localeCompare(b.label, language))
  return <Select {...useField('country')} label={p.country} data={data} defaultValue={value || null} searchable clearable={!fixed} readOnly={fixed} clearButtonProps={{ 'aria-label': p.nothing }} />
}

/** Name, legal and billing details, for those who may change them. */
export function Details({ found, again }: Part) {
  const p = useWords(t)
  const done = useSay()
  const { open } = useAccount()
  const [update, saving] = useAct(UPDATE)
  const [version, setVersion] = useState(found.profile?.version)
  const [theirs, setTheirs] = useState<string[]>([])
  if (!found.profile) return null
  const value = written(found)
  const fixed = !open
  return (
    <Panel title={p.title}>
      <Form
        send={async (fields) => {
          const { name = '', company = null, billingEmail = null, phone = null, taxId = null } = fields
          const address = Object.fromEntries(lines.map((l) => [l, fields[l] ?? '']))
          const { payload, refusals } = await update({ input: { accountId: found.id, version, name, company, billingEmail, phone, taxId, address } })
          if (refusals.some((r) => r.code === 'CONFLICT')) {
            const now = await again()
            if (!now?.profile) return refusals
            const other = written(now)
            setVersion(now.profile.version)
            setTheirs(parts.filter((k) => other[k] !== value[k]).map((k) => `${p[k]}: ${other[k] || p.nothing}`))
            return
          }
          setTheirs([])
          if (refusals.length) return refusals
          setVersion(payload?.account?.profile?.version)
          done({ text: p.saved })
        }}
      >
        {theirs.length > 0 && (
          <Alert color="yellow" role="alert">
            {p.conflict}
            <br />
            <strong>{p.theirs}</strong> {theirs.join(' · ')}
          </Alert>
        )}
        <div className="pair">
          <Text name="name" label={p.name} description={p.nameText} defaultValue={value.name} required maxLength={100} readOnly={fixed} autoComplete="organization" />
          <Text name="company" label={p.company} description={p.companyText} defaultValue={value.company} maxLength={200} readOnly={fixed} autoComplete="organization" />
          <Text name="billingEmail" type="email" label={p.billingEmail} description={p.billingText} defaultValue={value.billingEmail} readOnly={fixed} autoComplete="email" />
          <Text name="phone" type="tel" label={p.phone} description={p.phoneText} defaultValue={value.phone} readOnly={fixed} autoComplete="tel" />
          <Text name="taxId" label={p.taxId} defaultValue={value.taxId} maxLength={50} readOnly={fixed} />
          {found.profile.externalId && <Text name="externalId" label={p.number} defaultValue={found.profile.externalId} description={p.numberText} readOnly />}
        </div>
        <fieldset className="plainset stack">
          <legend className="legend">{p.address}</legend>
          <div className="pair">
            <Text name="line1" label={p.line1} defaultValue={value.line1} maxLength={200} readOnly={fixed} autoComplete="address-line1" />
            <Text name="line2" label={p.line2} defaultValue={value.line2} maxLength={200} readOnly={fixed} autoComplete="address-line2" />
            <Text name="postalCode" label={p.postalCode} defaultValue={value.postalCode} maxLength={20} readOnly={fixed} autoComplete="postal-code" />
            <Text name="city" label={p.city} defaultValue={value.city} maxLength={100} readOnly={fixed} autoComplete="address-level2" />
            <Text name="region" label={p.region} defaultValue={value.region} maxLength={100} readOnly={fixed} autoComplete="address-level1" />
            <Country value={value.country} fixed={fixed} />
          </div>
        </fieldset>
        {open && (
          <div className="row right">
            <Button type="submit" loading={saving}>
              {p.save}
            </Button>
          </div>
        )}
      </Form>
    </Panel>
  )
}
