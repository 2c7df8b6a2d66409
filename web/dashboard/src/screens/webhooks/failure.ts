import { useLanguage } from '../../words'

// Why a call was not accepted, in German: the API says it in English. What is in brackets stays as it is.
const german: [RegExp, string][] = [
  [/^The receiver answered (\d+)\. Redirects are not followed.*/, 'Der Empfänger antwortete mit $1. Weiterleitungen wird nicht gefolgt: Nennen Sie die Adresse, auf die sie führt.'],
  [/^The receiver answered 410: it wants no calls any more\.$/, 'Der Empfänger antwortete mit 410: Er will keine Aufrufe mehr.'],
  [/^The receiver answered (\d+)\.$/, 'Der Empfänger antwortete mit $1.'],
  [/^No answer came in time\.$/, 'Es kam nicht rechtzeitig eine Antwort.'],
  [/^The address leads to where no calls go.*/, 'Die Adresse führt dorthin, wohin keine Aufrufe gehen: Empfänger sind im Internet.'],
  [/^The address cannot be called\.$/, 'Die Adresse lässt sich nicht aufrufen.'],
  [/^The receiver's certificate was not accepted: (.*)$/, 'Das Zertifikat des Empfängers wurde nicht angenommen: „$1“'],
  [/^The receiver speaks no TLS.*/, 'Der Empfänger spricht kein TLS, das neu genug ist: Aufrufe nehmen TLS 1.2 oder 1.3.'],
  [/^There is no machine of this name\.$/, 'Es gibt keinen Rechner dieses Namens.'],
  [/^The name of the receiver could not be looked up\.$/, 'Der Name des Empfängers ließ sich nicht nachschlagen.'],
  [/^The receiver could not be reached, or broke off\.$/, 'Der Empfänger war nicht erreichbar oder brach ab.'],
  [/^The call would be larger than (\d+) kB\.$/, 'Der Aufruf wäre größer als $1 kB.'],
]

/** Says why a call was not accepted. */
export function useFailure() {
  const { language } = useLanguage()
  return (failure: string): string => {
    const known = language === 'de' && german.find(([said]) => said.test(failure))
    return known ? failure.replace(...known) : failure
  }
}
