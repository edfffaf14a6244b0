package definitions

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// languages are those in which every title is to be had.
var languages = [...]string{"zh-Hant", "zh-Hans", "en"}

// readOffice compiles office.yaml. Without one, a nameless office stands in, so that the rest can be read.
func (b *bundler) readOffice() {
	n := b.office
	o := &Office{Zone: time.UTC, Language: "zh-Hant", Currency: "CNY", Superiors: map[string]string{},
		Types: map[string]*value.Field{}, Texts: map[string]Texts{}}
	b.out.Office = o
	if n == nil {
		b.at(officeFile, "missing-office", "the office has no file office.yaml that can be read")
		return
	}
	o.ID, o.Title = n.get("office").str(), n.get("title").str()
	if language := n.get("language").str(); language != "" {
		o.Language = language
	}
	b.readZone(o, n.get("zone"))
	if c := n.get("currency"); c.isText() {
		o.Currency = c.text
		if !isCurrency(c.text) {
			c.fault("wrong-value", currencyHint(c.text), "%s is not a currency by ISO 4217", clipped(c.text))
		}
	}
	b.readPosts(o, n)
	o.Languages = languages[:]
	if listed := texts(n.get("languages")); len(listed) > 0 {
		o.Languages = listed
	}
	b.readCalendars(o, n.get("calendars"))
	o.Letterhead = Letterhead{Name: n.get("letterhead").get("name").str(), Foot: n.get("letterhead").get("foot").str(),
		Lines: texts(n.get("letterhead").get("lines"))}
	if o.Letterhead.Name == "" {
		o.Letterhead.Name = o.Title
	}
	for _, e := range n.get("rules").pairs() {
		o.Rules = append(o.Rules, Rule{ID: e.key.text, Title: e.value.str()})
	}
	for _, e := range n.get("types").pairs() {
		if _, taken := value.KindNamed(e.key.text); taken {
			e.key.fault("reserved-name", "give it a name of its own", "%s is a type of the language", e.key.text)
			continue
		}
		f := &value.Field{Name: e.key.text, Title: e.value.get("title").str()}
		b.typed(f, e.value)
		f.TypeName = e.key.text
		o.Types[e.key.text] = f
	}
}

func (b *bundler) readZone(o *Office, n *node) {
	if !n.isText() {
		return
	}
	zone, err := time.LoadLocation(n.text)
	if err != nil || n.text == "Local" {
		n.fault("wrong-value", "write it as Asia/Shanghai", "%s is not a time zone", clipped(n.text))
		return
	}
	o.Zone = zone
}

func (b *bundler) readPosts(o *Office, n *node) {
	b.posts = map[string]bool{}
	for _, e := range n.get("posts").pairs() {
		b.posts[e.key.text] = true
		o.Posts = append(o.Posts, Post{ID: e.key.text, Title: e.value.str()})
	}
	for _, e := range n.get("skills").pairs() {
		o.Skills = append(o.Skills, Skill{ID: e.key.text, Title: e.value.str()})
	}
	for _, e := range n.get("systems").pairs() {
		o.Systems = append(o.Systems, System{ID: e.key.text, Title: e.value.str()})
	}
	for _, e := range n.get("units").pairs() {
		o.Units = append(o.Units, value.Unit{ID: e.key.text, Name: e.value.str()})
	}
	for _, e := range n.get("superiors").pairs() {
		if b.post(e.key) && b.post(e.value) {
			o.Superiors[e.key.text] = e.value.text
		}
	}
	for _, e := range n.get("superiors").pairs() {
		above, steps := o.Superiors[e.key.text], 0
		for above != "" && above != e.key.text && steps <= len(o.Posts) {
			above, steps = o.Superiors[above], steps+1
		}
		if above == e.key.text {
			e.key.fault("circle", "", "%s is above itself", e.key.text)
		}
	}
}

// post checks that a post exists. Without a readable office every post is taken for good.
func (b *bundler) post(n *node) bool {
	if !n.isText() {
		return false
	}
	if b.posts == nil || b.posts[n.text] {
		return true
	}
	var ids []string
	for _, p := range b.out.Office.Posts {
		ids = append(ids, p.ID)
	}
	hint := hintAmong(n.text, ids)
	if n.text == "manager" {
		hint = "the manager of the procedure is '=manager'"
	}
	n.fault("unknown-post", hint, "the office has no post %s", clipped(n.text))
	return false
}

// hintAmong names the nearest candidate, or else all where they are few.
func hintAmong(wrong string, names []string) string {
	if hint := report.DidYouMean(wrong, names); hint != "" {
		return hint
	}
	if len(names) == 0 || len(names) > 12 {
		return ""
	}
	return "there are " + strings.Join(names, ", ")
}

// rulesOf reads which of the office's rules something keeps or shows. Where the office lists them, there are no others;
// what is taken over from another office may keep those of that one.
func rulesOf(n *node, o *Office) []string {
	ids := make([]string, len(o.Rules))
	for i, r := range o.Rules {
		ids[i] = r.ID
	}
	for _, item := range n.get("rules").all() {
		if len(ids) > 0 && item.isText() && !slices.Contains(ids, item.text) && !isBase(item.src.name) {
			item.fault("unknown-rule", hintAmong(item.text, ids), "the office has no rule %s", clipped(item.text))
		}
	}
	return texts(n.get("rules"))
}

// readTexts takes in the translations.
func (b *bundler) readTexts() {
	o := b.out.Office
	for _, d := range b.texts {
		lang := strings.Split(path.Base(d.src.name), ".")[1]
		switch {
		case !slices.Contains(languages[:], lang):
			b.at(d.src.name, "wrong-value", "%s is not one of %s", clipped(lang), strings.Join(languages[:], ", "))
			continue
		case lang == o.Language:
			b.at(d.src.name, "wrong-value", "%s is the language of the office itself: it has no translations", lang)
			continue
		case o.Texts[lang] == nil:
			o.Texts[lang] = Texts{}
		}
		for _, e := range d.root.pairs() {
			o.Texts[lang][e.key.text] = e.value.text
		}
	}
}

// Untranslated is the code of the warning that a text lacks one of the languages.
const Untranslated = "untranslated"

// untranslated finds titles that a language lacks: one finding for a text and a language, where it stands first. For a
// language without any translation there is one finding in all.
func (b *bundler) untranslated() {
	o := b.out.Office
	lacking := map[string]int{}
	seen := map[string]bool{}
	titles := slices.Clone(b.matcher.titles)
	slices.SortStableFunc(titles, func(x, y *node) int { return strings.Compare(x.src.name, y.src.name) })
	for _, n := range titles {
		if seen[n.text] {
			continue
		}
		seen[n.text] = true
		for _, lang := range o.Languages {
			if _, ok := o.Texts[lang][n.text]; ok || lang == o.Language {
				continue
			}
			if lacking[lang]++; o.Texts[lang] == nil {
				continue
			}
			b.add(report.Problem{Place: n.place(), Width: n.width(), Severity: report.Warning, Code: Untranslated,
				Message: "no " + lang + " for: " + clipped(n.text), Hint: "add it to texts." + lang + ".yaml"})
		}
	}
	for _, lang := range o.Languages {
		if n := b.office.get("office"); o.Texts[lang] == nil && lacking[lang] > 0 && n != nil {
			b.add(report.Problem{Place: n.place(), Width: n.width(), Severity: report.Warning, Code: Untranslated,
				Message: fmt.Sprintf("there is no texts.%s.yaml: %d texts have no %s", lang, lacking[lang], lang),
				Hint:    "add the file: a text in " + o.Language + ", a colon, the same in " + lang})
		}
	}
}

// unusedTexts finds translations of what is written nowhere: a text was changed, or misspelt here.
func (b *bundler) unusedTexts() {
	written := map[string]bool{}
	for _, n := range b.matcher.titles {
		written[n.text] = true
	}
	for _, t := range caseTitles {
		written[t.titles[languageIndex(b.out.Office.Language)]] = true
	}
	for _, d := range b.texts {
		lang := strings.Split(path.Base(d.src.name), ".")[1]
		var lacking []string
		for _, n := range b.matcher.titles {
			if _, ok := b.out.Office.Texts[lang][n.text]; !ok {
				lacking = append(lacking, n.text)
			}
		}
		if len(lacking) > MaxProblems { // to look for the nearest would take long
			lacking = nil
		}
		for _, e := range d.root.pairs() {
			if !written[e.key.text] {
				b.add(report.Problem{Place: e.key.place(), Width: e.key.width(), Severity: report.Warning, Code: "unused-text",
					Message: "nothing of the office says: " + clipped(e.key.text), Hint: report.DidYouMean(e.key.text, lacking)})
			}
		}
	}
}
