import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker'
import JSONWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker'
import GraphQLWorker from 'monaco-graphql/esm/graphql.worker.js?worker'

// The editor's workers are files of our own origin, so that the content
// security policy need not admit anything else.
Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker(_id: string, label: string) {
      if (label === 'json') return new JSONWorker()
      if (label === 'graphql') return new GraphQLWorker()
      return new EditorWorker()
    },
  },
})
