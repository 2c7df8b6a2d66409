import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import '@graphiql/plugin-history/style.css'
import 'graphiql/graphiql.css'
import './playground.css'
import './workers'
import { HISTORY_PLUGIN } from '@graphiql/plugin-history'
import { GraphiQL } from 'graphiql'
import { createRoot } from 'react-dom/client'
import { fetcher } from './api'
import { lookup } from './lookup'
import { startPlugin, Who } from './start'
import { fill, linked, story } from './story'

// What is typed here may hold a password, so it is forgotten with the tab of the
// browser. Until then its tabs stay as they were, and the first step is for the
// first visit.
const storage = sessionStorage
const shown = linked()
const first = storage.getItem('graphiql:tabState')
  ? {}
  : shown
    ? { initialQuery: shown.query, initialVariables: shown.variables }
    : { initialQuery: story[0].query, initialVariables: fill(story[0], await lookup()).variables }

createRoot(document.getElementById('playground')!).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    plugins={[startPlugin, HISTORY_PLUGIN]}
    visiblePlugin={startPlugin.title}
    {...first}
    defaultEditorToolsVisibility="variables"
    shouldPersistHeaders={false}
    showPersistHeadersSettings={false}
  >
    <GraphiQL.Logo>
      <Who />
    </GraphiQL.Logo>
  </GraphiQL>,
)
