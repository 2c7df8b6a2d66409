import { Alert } from '@mantine/core'
import { createContext, type FormEvent, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { type Refusal, useSaying } from '../api/failure'

type Shown = { refusals: Refusal[]; claim: (name: string) => () => void; claimed: Set<string> }
const Refusals = createContext<Shown | null>(null)

/**
 * A form that shows why it was refused: beside the field where the form has one by the
 * name that the API gives, otherwise beneath. The first field at fault gets the focus.
 */
export function Form({ send, children, className = 'stack' }: { send: (fields: Record<string, string>) => Promise<Refusal[] | void>; children: ReactNode; className?: string }) {
  const [refusals, setRefusals] = useState<Refusal[]>([])
  const [claimed, setClaimed] = useState<Set<string>>(new Set())
  const form = useRef<HTMLFormElement>(null)
  const say = useSaying()
  const sending = useRef(false)

  useEffect(() => {
    if (!refusals.length) return
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
    if (field) field.focus()
    else form.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'nearest' })
  }, [refusals])

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    event.stopPropagation()
    if (sending.current) return
    sending.current = true
    setRefusals([])
    const fields = Object.fromEntries([...new FormData(event.currentTarget)].filter((f): f is [string, string] => typeof f[1] === 'string' && f[1] !== ''))
    try {
      setRefusals((await send(fields)) ?? [])
    } finally {
      sending.current = false
    }
  }
  const [claim] = useState(() => (name: string) => {
    setClaimed((was) => new Set(was).add(name))
    return () => setClaimed((was) => new Set([...was].filter((n) => n !== name)))
  })
  const rest = refusals.filter((r) => r.field === null || !claimed.has(r.field))
  return (
    <Refusals value={{ refusals, claim, claimed }}>
      <form ref={form} className={className} onSubmit={submit} noValidate={false}>
        {children}
        {rest.length > 0 && (
          <Alert color="red" role="alert">
            {rest.map(say).join(' ')}
          </Alert>
        )}
      </form>
    </Refusals>
  )
}

/** What a field of the form says about itself: its name, and why it was refused. */
export function useField(name: string) {
  const shown = useContext(Refusals)
  const say = useSaying()
  const claim = shown?.claim
  useEffect(() => claim?.(name), [claim, name])
  const error = shown?.refusals.filter((r) => r.field === name).map(say).join(' ')
  return { name, error: error || undefined }
}
