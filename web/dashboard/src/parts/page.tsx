import type { TypedDocumentNode } from '@apollo/client'
import { print } from 'graphql'
import { type ReactNode, Suspense, useEffect } from 'react'
import { spoken } from '../api/query'
import { useLanguage, useWords, words } from '../words'
import { Icon, type IconName } from './icons'
import { late } from './late'

const phrases = words({
  en: {
    show: 'Show this operation',
    showing: 'opens the playground with what this screen asked',
  },
  de: {
    show: 'Diese Operation zeigen',
    showing: 'öffnet den Playground mit dem, was diese Seite gefragt hat',
  },
})

/** The operation that a screen rests on, as it was asked. */
export type Shown = { document: TypedDocumentNode<any, any>; variables?: unknown }

/** Where the playground opens with an operation: behind the #, which no server and no log sees. */
export function playgroundLink({ document, variables }: Shown): string {
  const parts = new URLSearchParams({ query: print(document) })
  if (variables) parts.set('variables', JSON.stringify(variables, null, 2))
  return `/playground#${parts}`
}

/** A screen: its title, what it is for, what can be done, and the operation behind it. */
export function Page({ title, lead, actions, shown, children }: { title: string; lead?: ReactNode; actions?: ReactNode; shown?: Shown; children: ReactNode }) {
  const t = useWords(phrases)
  const { language } = useLanguage()
  useEffect(() => {
    document.title = `${title} · Tenantry`
  }, [title])
  return (
    <div className="page">
      <header>
        <div>
          <h1 tabIndex={-1}>{title}</h1>
          {lead && <p>{lead}</p>}
        </div>
        {actions && <div className="row">{actions}</div>}
      </header>
      {children}
      {shown && (
        <footer className="row tight">
          <Icon name="code" size={16} />
          <a href={playgroundLink({ ...shown, variables: spoken(shown.document, shown.variables, language) })} target="_blank" rel="noopener" title={t.showing}>
            {t.show}
          </a>
        </footer>
      )}
    </div>
  )
}

/** A box with a heading. */
export function Panel({ title, actions, children, body = true }: { title: ReactNode; actions?: ReactNode; children: ReactNode; body?: boolean }) {
  return (
    <section className="panel">
      <header>
        <h2 className="grow">{title}</h2>
        {actions}
      </header>
      {body ? <div className="body">{children}</div> : children}
    </section>
  )
}

/** Says that there is nothing, and what to do next. */
export function Empty({ icon, title, text, alone, children }: { icon: IconName; title: string; text: string; alone?: boolean; children?: ReactNode }) {
  return (
    <div className="empty">
      <span className="sign">
        <Icon name={icon} />
      </span>
      {alone ? <h1>{title}</h1> : <strong>{title}</strong>}
      <p>{text}</p>
      {children}
    </div>
  )
}

const Why = late(() => import('./failed'))

/** Says why something cannot be shown, and what to do: within a screen, or alone in its place. */
export const Failed = (props: { error: unknown; again?: () => void; alone?: boolean; lost?: string }) => (
  <Suspense>
    <Why {...props} />
  </Suspense>
)

/** The letters that stand for somebody. */
export function Face({ name, off, square }: { name: string; off?: boolean; square?: boolean }) {
  const parts = name.split(/[\s@._-]+/).filter(Boolean)
  const letters = ((parts[0]?.[0] ?? '?') + (parts.length > 1 ? (parts.at(-1)?.[0] ?? '') : '')).toUpperCase()
  return (
    <span className={`face${off ? ' off' : ''}${square ? ' square' : ''}`} aria-hidden="true">
      {letters}
    </span>
  )
}
