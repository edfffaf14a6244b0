package diagram

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// words speaks of a procedure in one language.
type words struct {
	lang string
	p    *definitions.Procedure
}

// sayings are in zh-Hant, zh-Hans and en; {0} and {1} are what they speak of.
var sayings = map[string][3]string{
	"start":          {"開始", "开始", "Start"},
	"done":           {"完成", "完成", "Done"},
	"else":           {"其他", "其他", "otherwise"},
	"or":             {"／", "／", " / "},
	"nobody":         {"", "", ""},
	"computed":       {"按資料定", "按资料定", "By the data"},
	"named":          {"個別指定者", "个别指定者", "Named for one step"},
	"within":         {"限時 {time}", "限时 {time}", "within {time}"},
	"of":             {"{all} 之 {n}", "{all} 之 {n}", "{n} of {all}"},
	"threads":        {"{n} 路", "{n} 路", "{n} threads"},
	"remind":         {"{at}：提醒{who}", "{at}：提醒{who}", "{at}: remind {who}"},
	"escalate":       {"{at}：上報{who}", "{at}：上报{who}", "{at}: escalate to {who}"},
	"reassign":       {"{at}：改派{who}", "{at}：改派{who}", "{at}: reassign to {who}"},
	"finish":         {"{at}：結束", "{at}：结束", "{at}: finish"},
	"any-error":      {"任何錯誤", "任何错误", "any error"},
	"every":          {"每 {time}", "每 {time}", "every {time}"},
	"while":          {"當：{0}", "当：{0}", "while {0}"},
	"until":          {"直至：{0}", "直至：{0}", "until {0}"},
	"yes":            {"是", "是", "yes"},
	"no":             {"否", "否", "no"},
	"list":           {"、", "、", ", "},
	"or-list":        {"或", "或", " or "},
	"has":            {"有{0}", "有{0}", "{0} given"},
	"has-not":        {"無{0}", "无{0}", "{0} not given"},
	"not":            {"{0}：否", "{0}：否", "not {0}"},
	"group":          {"（{0}）", "（{0}）", "({0})"},
	"in":             {"{0}含{1}", "{0}含{1}", "{0} has {1}"},
	"==":             {"{0}：{1}", "{0}：{1}", "{0}: {1}"},
	"!=":             {"{0}非{1}", "{0}非{1}", "{0} is not {1}"},
	"call.size":      {"{0}之數", "{0}之数", "number of {0}"},
	"call.len":       {"{0}之數", "{0}之数", "number of {0}"},
	"call.last":      {"最後{0}", "最后{0}", "last {0}"},
	"call.open":      {"「{0}」未完", "“{0}”未完", "{0} is open"},
	"call.done":      {"「{0}」已完", "“{0}”已完", "{0} is done"},
	"call.times":     {"「{0}」次數", "“{0}”次数", "times of {0}"},
	"call.done_by":   {"「{0}」之經辦人", "“{0}”之经办人", "who did {0}"},
	"call.heads":     {"{0}主管", "{0}主管", "heads of {0}"},
	"call.holders":   {"經辦人", "经办人", "holders"},
	"call.days":      {"{0} 天", "{0} 天", "{0} d"},
	"call.hours":     {"{0} 小時", "{0} 小时", "{0} h"},
	"call.minutes":   {"{0} 分鐘", "{0} 分钟", "{0} min"},
	"call.workdays":  {"{0} 個工作日", "{0} 个工作日", "{0} workdays"},
	"call.workhours": {"{0} 個工作小時", "{0} 个工作小时", "{0} workhours"},
	"one.workday":    {"1 個工作日", "1 个工作日", "1 workday"},
	"one.workhour":   {"1 個工作小時", "1 个工作小时", "1 workhour"},
	"call.everyone":  {"全體員工", "全体员工", "everyone"},
	"call.person":    {"{0}", "{0}", "{0}"},
	"call.superiors": {"{0}之上級", "{0}之上级", "superiors of {0}"},
	"call.concat":    {"", "", ""},
	"each.exists":    {"有一{0}：{1}", "有一{0}：{1}", "some of {0}: {1}"},
	"each.all":       {"各{0}：{1}", "各{0}：{1}", "all of {0}: {1}"},
	"name.now":       {"現在", "现在", "now"},
	"name.today":     {"今天", "今天", "today"},
	"name.due":       {"到期", "到期", "when due"},
	"name.holders":   {"經辦人", "经办人", "holders"},
	"name.starter":   {"發起人", "发起人", "starter"},
	"name.total":     {"總數", "总数", "total"},
	"name.manager":   {"負責人", "负责人", "manager"},
	"days":           {" 天", " 天", " d"},
	"hours":          {" 小時", " 小时", " h"},
	"minutes":        {" 分鐘", " 分钟", " min"},
	"seconds":        {" 秒", " 秒", " s"},
	"open":           {"進行中", "进行中", "under way"},
	"passed":         {"已完成", "已完成", "done"},
	"left":           {"未辦完", "未办完", "left"}, // taken away, by a timeout or another way
	"late":           {"逾期", "逾期", "overdue"},
	"failed":         {"出錯", "出错", "stuck"},
	"yearly":         {"每年 {m} 月 {d} 日 {at}", "每年 {m} 月 {d} 日 {at}", "Yearly {m}/{d} {at}"},
	"monthly":        {"每月 {d} 日 {at}", "每月 {d} 日 {at}", "Monthly, day {d}, {at}"},
	"weekly":         {"每週{d} {at}", "每周{d} {at}", "{d} {at}"},
	"weekdays":       {"一 二 三 四 五 六 日", "一 二 三 四 五 六 日", "Mon Tue Wed Thu Fri Sat Sun"},
	"daily":          {"每天 {at}", "每天 {at}", "Daily {at}"},
	"workdaily":      {"每個工作日 {at}", "每个工作日 {at}", "Workdays {at}"},
	"leads":          {"{what}→{to}", "{what}→{to}", "{what} → {to}"},
	"step":           {"{title}（{who}）", "{title}（{who}）", "{title} ({who})"},
	"colon":          {"：", "：", ": "},
	"semicolon":      {"；", "；", "; "},
}

// joiners are said between two things in Chinese and English.
var joiners = map[string][2]string{
	"and": {"且", " and "}, "or": {"或", " or "}, "<": {" < ", " < "}, ">": {" > ", " > "}, "<=": {" ≤ ", " ≤ "},
	">=": {" ≥ ", " ≥ "}, "+": {" + ", " + "}, "-": {" − ", " − "}, "*": {" × ", " × "}, "/": {" ÷ ", " ÷ "},
	"after": {"後 ", " + "}, "before": {"前 ", " − "},
}

func (w words) index() int {
	switch w.lang {
	case "en":
		return 2
	case "zh-Hans":
		return 1
	}
	return 0
}

func (w words) say(name string, parts ...string) string {
	text := sayings[name][w.index()]
	for i, p := range parts {
		text = strings.ReplaceAll(text, "{"+strconv.Itoa(i)+"}", p)
	}
	if w.index() == 2 && strings.HasPrefix(name, "call.work") && slices.Equal(parts, []string{"1"}) {
		return strings.TrimSuffix(text, "s")
	}
	return text
}

func (w words) fill(name string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(w.say(name))
}

func (w words) text(t string) string { return w.p.Office.Say(w.lang, t) }

// speech says formulas.
func (w words) speech() formula.Speech {
	return formula.Speech{Name: w.name, Option: w.option, Say: func(word string, parts ...string) string {
		if j, ok := joiners[word]; ok && len(parts) == 2 {
			if w.index() == 2 {
				return parts[0] + j[1] + parts[1]
			}
			return parts[0] + j[0] + parts[1]
		}
		return w.say(word, parts...)
	}}
}

// field is the one at a path, which may begin with the name of a row of its table; nil = there is none.
func (w words) field(path string) *value.Field {
	if f := w.p.Data.Field(path); f != nil {
		return f
	}
	row, column, _ := strings.Cut(path, ".")
	if t := w.p.Data.Table(row); t != nil && column != "" {
		return w.p.Data.Field(t.Path + "." + column)
	}
	return nil
}

func (w words) name(path string) string {
	if f := w.field(path); f != nil {
		return w.text(f.Title)
	}
	if t := w.p.Data.Table(path); t != nil {
		return w.text(t.Title)
	}
	for _, s := range w.p.Settings {
		if path == "settings."+s.Name {
			switch x := s.Value.(type) {
			case time.Duration:
				return w.span(x)
			case value.Work:
				return w.working(x)
			}
			return w.text(s.Title)
		}
	}
	return w.say("name." + strings.TrimPrefix(path, "case."))
}

// option is the title of a value of the field at path; of anything else with that id.
func (w words) option(path, id string) string {
	if f := w.field(path); f != nil {
		if t := optionOf(f, id); t != "" {
			return w.text(t)
		}
		if f.Kind != value.Post {
			return id
		}
	}
	if s := w.p.Steps[id]; s != nil {
		return w.text(s.Title)
	}
	return w.post(id)
}

func optionOf(f *value.Field, id string) string {
	for _, o := range f.Options {
		if o.ID == id {
			return o.Title
		}
	}
	return ""
}

func (w words) post(id string) string {
	for _, p := range w.p.Office.Posts {
		if p.ID == id {
			return w.text(p.Title)
		}
	}
	return id
}

func (w words) system(id string) string {
	for _, s := range w.p.Office.Systems {
		if s.ID == id {
			return w.text(s.Title)
		}
	}
	return id
}

func (w words) who(who definitions.Who) string {
	if who.Expr != nil {
		return w.computed(who.Expr)
	}
	titles := make([]string, len(who.Posts))
	for i, id := range who.Posts {
		titles[i] = w.post(id)
	}
	return strings.Join(titles, w.say("list"))
}

func (w words) computed(e *formula.Who) string { return cmp.Or(e.Words(w.speech()), w.say("computed")) }

func (w words) guard(g *formula.Guard) string { return g.Words(w.speech()) }

func (w words) when(t *formula.When) string {
	said := t.Words(w.speech())
	if span, err := value.ParseDuration(said); err == nil {
		return w.span(span)
	}
	return cmp.Or(said, t.Source())
}

// working writes a span of working time.
func (w words) working(s value.Work) string {
	switch {
	case s.Days == 1:
		return w.say("one.workday")
	case s.Hours == 1:
		return w.say("one.workhour")
	case s.Days > 0:
		return w.say("call.workdays", strconv.Itoa(s.Days))
	}
	return w.say("call.workhours", strconv.Itoa(s.Hours))
}

// span writes a duration by its greatest units.
func (w words) span(s time.Duration) string {
	var parts []string
	for _, u := range []struct {
		word string
		size time.Duration
	}{{"days", 24 * time.Hour}, {"hours", time.Hour}, {"minutes", time.Minute}, {"seconds", time.Second}} {
		if s >= u.size {
			parts = append(parts, fmt.Sprintf("%d%s", s/u.size, w.say(u.word)))
			s %= u.size
		}
	}
	return strings.Join(parts, " ")
}

func (w words) timeLabel(t *definitions.Timeout) string {
	text := w.when(t.Time)
	if t.Every != nil {
		text += w.say("list") + w.fill("every", "time", w.when(t.Every))
	}
	return text
}

func (w words) deed(do *definitions.Deed, at string) string {
	switch do.Kind {
	case definitions.DeedRemind:
		return w.fill("remind", "at", at, "who", w.who(do.Who))
	case definitions.DeedEscalate:
		return w.fill("escalate", "at", at, "who", w.who(do.Who))
	case definitions.DeedReassign:
		return w.fill("reassign", "at", at, "who", w.who(do.Who))
	case definitions.DeedFinish:
		return w.fill("finish", "at", at)
	case definitions.DeedTo, definitions.DeedAlso:
	}
	return at
}

func (w words) errorTitle(id string) string {
	if id == "*" {
		return w.say("any-error")
	}
	for _, step := range slices.Sorted(maps.Keys(w.p.Steps)) {
		if g := definitions.GivenOf(w.p.Steps[step].Work); g != nil {
			for _, e := range g.Errors {
				if e.ID == id && e.Title != "" {
					return w.text(e.Title)
				}
			}
		}
	}
	return id
}

// wayLabel says when a way is taken.
func (w words) wayLabel(s *definitions.Step, way *definitions.Way) string {
	var parts []string
	if way.Outcome != "" {
		i := slices.IndexFunc(s.Outcomes, func(o definitions.Outcome) bool { return o.ID == way.Outcome })
		if i >= 0 && s.Outcomes[i].Title != "" {
			parts = append(parts, w.text(s.Outcomes[i].Title))
		} else {
			parts = append(parts, w.outcome(s, way.Outcome))
		}
	}
	switch {
	case way.When != nil:
		parts = append(parts, w.guard(way.When))
	case w.otherwise(s, way):
		parts = append(parts, w.say("else"))
	}
	return strings.Join(parts, w.say("list"))
}

// otherwise tells a way that is taken when no other of the same outcome is.
func (words) otherwise(s *definitions.Step, way *definitions.Way) bool {
	return way.Else || way.When == nil && s.Choose == definitions.ChooseOne &&
		slices.ContainsFunc(s.Ways, func(o *definitions.Way) bool { return o.When != nil && o.Outcome == way.Outcome })
}

// outcome names what a wait or a call came to.
func (w words) outcome(s *definitions.Step, id string) string {
	if wait, ok := s.Work.(*definitions.Wait); ok {
		for _, f := range wait.For {
			switch {
			case f.Outcome != id:
			case f.Message != nil:
				return w.text(f.Message.Title)
			case f.When != nil:
				return w.guard(f.When)
			default:
				return w.when(f.Time)
			}
		}
	}
	return cmp.Or(w.say(id), id)
}

func (w words) rounds(r *definitions.Repeat) string {
	switch {
	case r.While != nil:
		return w.say("while", w.guard(r.While))
	case r.Until != nil:
		return w.say("until", w.guard(r.Until))
	}
	return ""
}

func (w words) startTitle(s *definitions.Start) string {
	if s.Message != nil {
		return w.text(s.Message.Title)
	}
	if s.Schedule == nil {
		return w.say("start")
	}
	at := s.Schedule
	name := map[string]string{"year": "yearly", "month": "monthly", "week": "weekly", "day": "daily",
		"workday": "workdaily"}[at.Every]
	day := strconv.Itoa(at.Day)
	if at.Every == "week" {
		day = strings.Fields(w.say("weekdays"))[(at.Day+6)%7]
	}
	return w.fill(name, "m", strconv.Itoa(at.Month), "d", day, "at", fmt.Sprintf("%02d:%02d", at.Minute/60, at.Minute%60))
}

// whoLane is the lane of those who do something.
func (w words) whoLane(who definitions.Who) string {
	switch {
	case who.Expr != nil:
		title := w.computed(who.Expr)
		if len(balanced(title, laneTitle, titleSize)) > maxLaneLines {
			title = w.say("computed")
		}
		return several + title
	case len(who.Posts) > 0:
		return who.Posts[0]
	}
	return ""
}

func (w words) laneTitle(key string) string {
	if title, ok := strings.CutPrefix(key, several); ok {
		return cmp.Or(title, w.say("named"))
	}
	return w.post(key)
}
