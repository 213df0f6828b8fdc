package schema

import "strings"

// The currencies of ISO 4217, by the number of their minor units.
const (
	currencies2 = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF " +
		"CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD " +
		"HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU " +
		"MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG " +
		"SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST " +
		"XAD XCD XCG YER ZAR ZMW ZWG"
	currencies0 = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
	currencies3 = "BHD IQD JOD KWD LYD OMR TND"
	currencies4 = "CLF UYW"
)

var currencyUnits = func() map[string]int32 {
	units := map[string]int32{}
	for n, list := range map[int32]string{0: currencies0, 2: currencies2, 3: currencies3, 4: currencies4} {
		for code := range strings.FieldsSeq(list) {
			units[code] = n
		}
	}
	return units
}()

func currencyKnown(code string) bool {
	_, ok := currencyUnits[code]
	return ok
}

func minorUnits(code string) int32 { return currencyUnits[code] }
