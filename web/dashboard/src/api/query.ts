import type { TypedDocumentNode } from '@apollo/client'
import { useQuery as useApollo } from '@apollo/client/react'
import { useLanguage } from '../words'

/** The variables of a document, with the language of the page where it takes one: what the catalogue holds is called in it. */
export const spoken = (document: TypedDocumentNode<any, any>, variables: any, locale: string) =>
  document.definitions.some((d) => d.kind === 'OperationDefinition' && d.variableDefinitions?.some((v) => v.variable.name.value === 'locale')) ? { ...variables, locale } : variables

/** Asks in the language of the page. */
export const useQuery = ((document: TypedDocumentNode<any, any>, options?: { variables?: unknown }) => {
  const { language } = useLanguage()
  return useApollo(document, { ...options, variables: spoken(document, options?.variables, language) } as never)
}) as unknown as typeof useApollo
