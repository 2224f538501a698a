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
// root domain. Written by the system, after all else that the request does: a company may have taken the person in.
func (x *tx) companyOf(r *record) {
	people, companies := x.s.object("people"), x.s.object("companies")
	if people == nil || companies == nil {
		return
	}
	company, domains := people.attribute("company"), companies.attribute("domains")
	if company == nil || domains == nil || len(x.values(nil, r, company)) > 0 {
		return
	}
	domain, root := x.workDomain(people, r)
	if root == "" {
		return
	}
	actor := x.actor
	x.actor = 0
	defer func() { x.actor = actor }()
	v := value{from: x.now}
	v.setTarget(companies, x.companyAt(domains, domain, root).id)
	x.write(people, r, company, []value{v})
	x.link(companies, v.target(), company.inverse, people, r)
}

// companyAt finds the company of a domain, else of its root, else makes one.
func (x *tx) companyAt(domains *attribute, domain, root string) *record {
	for _, d := range []string{domain, root} {
		if found := x.holders(domains, &value{s: [3]string{d}}); len(found) > 0 {
			return found[0]
		}
	}
	made := x.add(domains.table, 0)
	x.write(domains.table, made, domains, []value{{from: x.now, s: [3]string{root, root}}})
	return made
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
