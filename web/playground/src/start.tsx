import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect, useState } from 'react'
import { session } from './api'
import { lookup, type Viewer, whoami } from './lookup'
import { fill, linked, type Step, story } from './story'

const advice: Record<string, string> = {
  email: 'Put in your own address and password.',
  invitationToken: 'Run step 7 first, or put in the token from the link in the mail.',
}
const general = 'Nothing fits in your account: put in what stands for the names with a $.'

// What to do about variables that could not be filled in.
function advise(missing: string[], signedIn: boolean): string {
  if (!missing.length) return ''
  return advice[missing[0]] ?? (signedIn ? general : 'Nobody is signed in. Run step 1, then click here again.')
}

/** Says who is signed in, beside the logo, and reloads the schema when that changes. */
export function Who() {
  const [viewer, setViewer] = useState<Viewer | null>(null)
  const schema = useGraphiQL((state) => state.schema)
  const { introspect } = useGraphiQLActions()
  useEffect(() => {
    const look = () => whoami().then(setViewer)
    look()
    session.addEventListener('changed', look)
    return () => session.removeEventListener('changed', look)
  }, [])
  // A link that is followed while the tab has its own operations adds one more.
  const { tabs, queryEditor, variableEditor } = useGraphiQL((state) => state)
  const { addTab } = useGraphiQLActions()
  const [opened, setOpened] = useState(false)
  useEffect(() => {
    const shown = linked()
    if (opened || !shown || !queryEditor || !variableEditor) return
    setOpened(true)
    if (tabs.some((tab) => tab.query?.trim() === shown.query.trim() && (tab.variables ?? '').trim() === shown.variables.trim())) return
    addTab()
    queryEditor.setValue(shown.query)
    variableEditor.setValue(shown.variables)
  }, [opened, tabs, queryEditor, variableEditor, addTab])
  useEffect(() => {
    if (schema) return
    // Where the schema is for the signed-in only, it can be had after signing in.
    session.addEventListener('changed', introspect)
    return () => session.removeEventListener('changed', introspect)
  }, [schema, introspect])
  return (
    <span className="who">
      <b>Tenantry</b>
      <span>{viewer ? `${viewer.name}${viewer.account ? ` · ${viewer.account}` : ''}` : 'not signed in'}</span>
    </span>
  )
}

function Start() {
  const { tabs, queryEditor, variableEditor } = useGraphiQL((state) => state)
  const { addTab, changeTab } = useGraphiQLActions()
  const [note, setNote] = useState<{ step: string; text: string } | null>(null)

  async function open(step: Step) {
    const values = await lookup()
    const { variables, missing } = fill(step, values)
    const there = tabs.findIndex((tab) => tab.title === step.name)
    if (there >= 0) changeTab(there)
    else addTab()
    queryEditor?.setValue(step.query)
    variableEditor?.setValue(variables)
    requestAnimationFrame(() => document.querySelector('.graphiql-tab-active')?.scrollIntoView({ block: 'nearest', inline: 'center' }))
    setNote({ step: step.name, text: advise(missing, !!values.signedIn) })
  }

  return (
    <section className="start" aria-label="Start here">
      <h2>Start here</h2>
      <p>Click a step, then press play. The variables are filled in.</p>
      <ol>
        {story.map((step) => (
          <li key={step.name}>
            <button type="button" onClick={() => open(step)}>
              <b>{step.title}</b>
              <span>{step.text}</span>
            </button>
            <p role="status">{note?.step === step.name ? note.text : ''}</p>
          </li>
        ))}
      </ol>
      <p>
        On a laptop every mail is in the <a href="/dev/mail" target="_blank">mailbox</a>. The whole schema as text:{' '}
        <a href="/schema.graphql" target="_blank">schema.graphql</a>.
      </p>
    </section>
  )
}

function Icon() {
  return (
    <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" aria-hidden="true">
      <path d="M4 17.5v-15M4 3.5h11l-2.6 3.8L15 11H4" />
    </svg>
  )
}

/** The panel with the example operations. */
export const startPlugin: GraphiQLPlugin = { title: 'Start here', icon: Icon, content: Start }
