package definitions

import (
	"slices"
	"strings"
)

// currencies are the codes of ISO 4217 that are in use, without metals, funds and test codes.
var currencies = strings.Fields(`
	AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
	COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
	INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
	MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
	SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV
	WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG`)

// isCurrency tells a code of ISO 4217.
func isCurrency(code string) bool { return slices.Contains(currencies, code) }

// currencyHint names the code of a currency that people call by another name.
func currencyHint(wrong string) string {
	switch upper := strings.ToUpper(wrong); upper {
	case "RMB", "YUAN", "CNH", "元", "人民幣", "人民币", "¥":
		return "write CNY"
	case "PATACA", "澳門元", "澳门元":
		return "write MOP"
	case "港元", "港幣", "港币":
		return "write HKD"
	default:
		if isCurrency(upper) {
			return "write " + upper
		}
	}
	return "such as CNY, HKD, MOP"
}
