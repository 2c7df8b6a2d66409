import { Button, Modal } from '@mantine/core'
import { useAct } from '../../api/act'
import { dayOf, endOf, inDays, Text } from '../../parts/field'
import { Form } from '../../parts/form'
import { useSay } from '../../parts/said'
import { useFormat, useWords, words } from '../../words'
import { SET_END } from './operations'

const t = words({
  en: {
    title: (who: string) => `Until when does ${who} have access?`,
    text: 'After this day the membership is deactivated by itself; roles and permissions are kept. They are told three days before, and so are you.',
    last: 'Last day of the access',
    none: 'Leave it empty for an access without end.',
    set: (who: string, date: string) => `${who} has access until ${date}.`,
    gone: (who: string) => `${who} has access without end.`,
    conflict: 'Somebody changed this member while you were at it. Look again, and save once more.',
    save: 'Save',
    cancel: 'Cancel',
    close: 'Close',
  },
  de: {
    title: (who: string) => `Bis wann hat ${who} Zugang?`,
    text: 'Nach diesem Tag wird die Mitgliedschaft von selbst deaktiviert; Rollen und Rechte bleiben gespeichert. Die Person erfährt es drei Tage vorher, Sie auch.',
    last: 'Letzter Tag des Zugangs',
    none: 'Leer bedeutet: ohne Ende.',
    set: (who: string, date: string) => `${who} hat Zugang bis ${date}.`,
    gone: (who: string) => `${who} hat Zugang ohne Ende.`,
    conflict: 'Jemand hat dieses Mitglied inzwischen geändert. Sehen Sie noch einmal hin, und speichern Sie erneut.',
    save: 'Speichern',
    cancel: 'Abbrechen',
    close: 'Schließen',
  },
})

/** Asks until when somebody has access, and sets it. `changed` is called with what was changed by now, by this or by somebody else. */
export function AccessEnd({ member, who, changed, close }: { member: { id: string; version: number; accessEndsAt: string | null }; who: string; changed: () => Promise<unknown>; close: () => void }) {
  const p = useWords(t)
  const done = useSay()
  const format = useFormat()
  const [set, setting] = useAct(SET_END)
  return (
    <Modal opened onClose={close} title={p.title(who)} closeButtonProps={{ 'aria-label': p.close }}>
      <Form
        send={async ({ accessEndsAt }) => {
          const { refusals } = await set({ input: { membershipId: member.id, version: member.version, accessEndsAt: accessEndsAt ? endOf(accessEndsAt) : null } })
          if (refusals.some((r) => r.code === 'CONFLICT')) {
            await changed()
            return [{ code: 'CHANGED', field: null, message: p.conflict, retryAfter: null }]
          }
          if (refusals.length) return refusals
          close()
          done({ text: accessEndsAt ? p.set(who, format.date(endOf(accessEndsAt))) : p.gone(who) })
          void changed()
        }}
      >
        <p className="faint">{p.text}</p>
        <Text name="accessEndsAt" type="date" label={p.last} description={p.none} min={inDays(0)} defaultValue={member.accessEndsAt ? dayOf(member.accessEndsAt) : ''} className="day" data-autofocus />
        <div className="row right">
          <Button variant="default" onClick={close}>
            {p.cancel}
          </Button>
          <Button type="submit" loading={setting}>
            {p.save}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}
