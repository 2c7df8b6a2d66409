import './mantine.css'
import './house.css'
import { ApolloProvider } from '@apollo/client/react'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { createRoot } from 'react-dom/client'
import { client } from './api/client'
import { App } from './app'
import { Safe } from './parts/late'
import { Sayings } from './parts/said'
import { theme } from './theme'
import { Languages } from './words'

const schemes = localStorageColorSchemeManager({ key: 'tenantry-colors' })

createRoot(document.getElementById('dashboard')!).render(
  <ApolloProvider client={client}>
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={schemes} withCssVariables={false} withGlobalClasses={false}>
      <Languages>
        <Safe>
          <Sayings>
            <App />
          </Sayings>
        </Safe>
      </Languages>
    </MantineProvider>
  </ApolloProvider>,
)
