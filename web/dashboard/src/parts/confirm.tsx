import { Button, Modal } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Refusal } from '../api/failure'
import { useWords, words } from '../words'
import { Form } from './form'

const t = words({ en: { cancel: 'Cancel', close: 'Close' }, de: { cancel: 'Abbrechen', close: 'Schließen' } })

/** Asks before something that hurts, in a sentence that says what it does. */
export function Confirm({ title, children, label, danger, act, close }: { title: string; children: ReactNode; label: string; danger?: boolean; act: () => Promise<Refusal[]>; close: () => void }) {
  const p = useWords(t)
  const [busy, setBusy] = useState(false)
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': p.close }}>
      <Form
        send={async () => {
          setBusy(true)
          const refusals = await act().finally(() => setBusy(false))
          if (!refusals.length) close()
          return refusals
        }}
      >
        <div>{children}</div>
        <div className="row right">
          <Button variant="default" onClick={close} data-autofocus>
            {p.cancel}
          </Button>
          <Button type="submit" loading={busy} color={danger ? 'red' : undefined}>
            {label}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}
