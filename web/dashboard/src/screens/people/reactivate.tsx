import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { useAct } from '../../api/act'
import { endOf, inDays, Text } from '../../parts/field'
import { Form } from '../../parts/form'
import { Risks } from '../../parts/risks'
import { useWords, words } from '../../words'
import { REACTIVATE } from './operations'

const t = words({
  en: {
    title: (who: string) => `Give ${who} access again?`,
    ended: 'Their access had an end, which has come. Say until when it is to last now.',
    last: 'Last day of the access',
    none: 'Leave it empty for an access without end.',
    reactivate: 'Reactivate',
    cancel: 'Cancel',
    close: 'Close',
  },
  de: {
    title: (who: string) => `${who} wieder Zugang geben?`,
    ended: 'Der Zugang war befristet und ist abgelaufen. Sagen Sie, bis wann er jetzt gelten soll.',
    last: 'Letzter Tag des Zugangs',
    none: 'Leer bedeutet: ohne Ende.',
    reactivate: 'Wieder aktivieren',
    cancel: 'Abbrechen',
    close: 'Schließen',
  },
})

/** What has to be said before somebody gets access again: that the warnings were read, and until when if the access had ended. */
export type Question = { ended: boolean; warnings: readonly { permission: string | null; message: string }[] }

/** Asks it, and gives the access. */
export function Reactivate({ membershipId, who, question, done, close }: { membershipId: string; who: string; question: Question; done: () => void; close: () => void }) {
  const p = useWords(t)
  const [reactivate, busy] = useAct(REACTIVATE)
  const [warnings, setWarnings] = useState(question.warnings)
  const [read, setRead] = useState(false)
  return (
    <Modal opened onClose={close} title={p.title(who)} closeButtonProps={{ 'aria-label': p.close }}>
      <Form
        send={async ({ accessEndsAt }) => {
          const end = question.ended ? { accessEndsAt: accessEndsAt ? endOf(accessEndsAt) : null } : {}
          const { payload, refusals } = await reactivate({ input: { membershipId, ...end, acknowledgeRisks: read } })
          if (!read && refusals.some((r) => r.code === 'RISK_NOT_ACKNOWLEDGED')) return setWarnings(payload?.warnings ?? [])
          if (refusals.length) return refusals
          done()
        }}
      >
        {question.ended && (
          <>
            <p>{p.ended}</p>
            <Text name="accessEndsAt" type="date" label={p.last} description={p.none} min={inDays(0)} defaultValue={inDays(30)} className="day" data-autofocus />
          </>
        )}
        <Risks warnings={warnings} read={read} onRead={setRead} reveal />
        <div className="row right">
          <Button variant="default" onClick={close}>
            {p.cancel}
          </Button>
          <Button type="submit" loading={busy} disabled={warnings.length > 0 && !read}>
            {p.reactivate}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}
