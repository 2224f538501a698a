package sandbox

// freemail are domains that say nothing about the company (which ones Attio leaves out is not documented).
var freemail = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "outlook.com": true, "hotmail.com": true, "live.com": true, "msn.com": true,
	"yahoo.com": true, "icloud.com": true, "me.com": true, "mac.com": true, "aol.com": true, "gmx.de": true, "gmx.net": true,
	"gmx.com": true, "web.de": true, "proton.me": true, "protonmail.com": true, "mail.com": true, "yandex.ru": true,
	"mail.ru": true, "qq.com": true, "163.com": true,
}

// companyOf relates a new person to the company of their email domain, found or made (documentation). Inferred: a
// company that was given wins, freemail domains make none, the first other address counts, and the company has the
// root domain. Written by the system.
func (x *tx) companyOf(t *table, r *record) {
	companies := x.s.object("companies")
	if !x.s.autoCompany || !t.isObject("people") || companies == nil {
		return
	}
	company, domains := t.attribute("company"), companies.attribute("domains")
	if company == nil || domains == nil || len(x.values(nil, r, company)) > 0 {
		return
	}
	domain, root := x.workDomain(t, r)
	if root == "" {
		return
	}
	actor := x.actor
	x.actor = 0
	defer func() { x.actor = actor }()
	found := domains.index.holder(domain)
	if found == nil {
		found = domains.index.holder(root)
	}
	if found == nil {
		found = x.add(companies, 0)
		x.write(companies, found, domains, []value{{from: x.now, s: [3]string{root, root}}})
	}
	v := value{from: x.now}
	v.setTarget(companies, found.id)
	x.write(t, r, company, []value{v})
	x.link(companies, found.id, company.inverse, t, r)
}

func (x *tx) workDomain(t *table, r *record) (domain, root string) {
	emails := t.attribute("email_addresses")
	if emails == nil {
		return "", ""
	}
	for _, v := range x.values(nil, r, emails) {
		if root := v.s[2]; !freemail[root] {
			_, domain = splitEmail(v.s[0])
			return domain, root
		}
	}
	return "", ""
}
