import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords, words } from '../words'
import { Copy } from './copy'
import { Icon } from './icons'

const t = words({
  en: { once: 'It is shown this once. Keep it where your program finds it and nobody else does.', kept: 'I have kept it' },
  de: { once: 'Es wird nur dieses eine Mal gezeigt. Bewahren Sie es auf, wo Ihr Programm es findet und sonst niemand.', kept: 'Ich habe es aufbewahrt' },
})

/** Something with a name that can be copied, such as a secret or a line for a terminal. */
export function Copied({ label, text }: { label: string; text: string }) {
  return (
    <div className="copied">
      <p className="row">
        <strong className="grow">{label}</strong>
        <Copy text={text} what={label} />
      </p>
      <pre className="mono" tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  )
}

/** Shows a secret the one time that it is known: it leaves by its own button only, not by a slip. */
export function Secret({ title, label, secret, children, close }: { title: string; label: string; secret: string; children?: ReactNode; close: () => void }) {
  const p = useWords(t)
  return (
    <Modal opened onClose={close} title={title} size={640} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false}>
      <div className="stack">
        <p className="warned">
          <Icon name="warning" size={16} /> {p.once}
        </p>
        <Copied label={label} text={secret} />
        {children}
        <div className="row right">
          <Button onClick={close}>{p.kept}</Button>
        </div>
      </div>
    </Modal>
  )
}
