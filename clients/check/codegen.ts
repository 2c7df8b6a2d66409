import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  emitLegacyCommonJSImports: false,
  schema: '../../graph/schema.graphql',
  documents: 'codegen/*.ts',
  generates: {
    '.built/codegen/': {
      preset: 'client',
      presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: {
        enumsAsTypes: true,
        futureProofEnums: true,
        useTypeImports: true,
        scalars: { Time: 'string', PermissionKey: 'string', CategoryKey: 'string', JSON: 'unknown', WebAuthnJSON: 'unknown' },
      },
    },
  },
}

export default config
