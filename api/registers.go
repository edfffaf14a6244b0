package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/xuri/excelize/v2"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine"
)

// Registers are the books that one may read.
type Registers struct {
	Registers []engine.RegisterLine `json:"registers"`
}

type registerInput struct {
	Asked
	Procedure string `path:"procedure" maxLength:"100"`
	Register  string `path:"register" maxLength:"100"`
	Filter    string `query:"filter" maxLength:"2000" doc:"a condition over row, as in a procedure: row.sum > money('10')"`
	Sort      string `query:"sort" maxLength:"500" doc:"columns, with commas between; - before one: the greatest first"`
	After     string `query:"after" maxLength:"20"`
	Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"50"`

	Column []string `query:"column,explode" maxItems:"20" doc:"only lines with value in this column; both may be repeated"`
	Value  []string `query:"value,explode" maxItems:"20" doc:"as sent or read; of all but numbers also how it begins"`
}

// pairs puts columns and values together that were asked for in this order.
func pairs(columns, values []string) []engine.RegisterWhere {
	out := make([]engine.RegisterWhere, max(len(columns), len(values)))
	for i, c := range columns {
		out[i].Column = c
	}
	for i, v := range values {
		out[i].Value = v
	}
	return out
}

// Schedules are what begins by the calendar.
type Schedules struct {
	Schedules []engine.ScheduleLine `json:"schedules"`
}

func (s *server) schedules(ctx context.Context, in *Asked) (Schedules, error) {
	list, err := s.engine.Schedules(ctx, in.actor(), in.lang)
	return Schedules{Schedules: list}, err
}

func (s *server) registerRoutes() {
	route(s, s.op(http.MethodGet, prefix+"/schedules", "list-schedules",
		"What begins by the calendar, when it did last and does next: of the procedures that you manage"), s.schedules)
	const one = prefix + "/registers/{procedure}/{register}"
	route(s, s.op(http.MethodGet, prefix+"/registers", "list-registers", "The registers that you may read"), s.registers)
	route(s, s.op(http.MethodGet, one, "read-register", "The lines of a register"), s.register)
	g := s.gin.Group(prefix)
	g.Handlers = gin.HandlersChain{s.witness, s.headers, s.sameOrigin, s.authenticate}
	g.GET("/registers/:procedure/:register/export", s.exportRegister)
	s.describeExport(one + "/export")
}

func (s *server) registers(ctx context.Context, in *Asked) (Registers, error) {
	list, err := s.engine.Registers(ctx, in.actor(), in.lang)
	return Registers{Registers: list}, err
}

func (s *server) register(ctx context.Context, in *registerInput) (engine.RegisterPage, error) {
	return s.engine.Register(ctx, in.actor(), in.lang, engine.RegisterQuery{
		Procedure: in.Procedure, Register: in.Register, Filter: in.Filter, Sort: in.Sort, After: in.After, Limit: in.Limit,
		Where: pairs(in.Column, in.Value),
	})
}

// The forms of an export.
const (
	formXLSX  = "xlsx"
	formCSV   = "csv"
	mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mediaCSV  = "text/csv; charset=utf-8"
)

// exportRegister gives all lines of a register, as a download.
func (s *server) exportRegister(c *gin.Context) {
	p := strictQuery(c, "lang", "filter", "column", "value", "sort", "format")
	form := c.DefaultQuery("format", formXLSX)
	if p == nil && form != formXLSX && form != formCSV {
		p = refusal("invalid")
		p.faults = []value.Fault{{Path: "query.format", Code: "option", Args: map[string]string{"options": "xlsx, csv"}}}
	}
	if p != nil {
		s.refuse(c, p)
		return
	}
	page, err := s.engine.Register(c.Request.Context(), actorOf(c), languageOf(c), engine.RegisterQuery{
		Procedure: c.Param("procedure"), Register: c.Param("register"), Filter: c.Query("filter"), Sort: c.Query("sort"),
		Where: pairs(c.QueryArray("column"), c.QueryArray("value")), Limit: -1,
	})
	if err != nil {
		s.fail(c, err)
		return
	}
	write, media := writeCSV, mediaCSV
	if form == formXLSX {
		write, media = writeXLSX, mediaXLSX
	}
	body, err := write(page)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Header("Cache-Control", "private, no-store")
	c.Header("Content-Disposition", disposition(value.Attachment{ID: "register", Name: page.Title}, form))
	c.Data(http.StatusOK, media, body)
}

// harmless keeps a spreadsheet from taking a text for a formula: a CSV has no types.
func harmless(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	if text != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", first) { // in the East, full-width signs begin formulas, too
		return "'" + text
	}
	return text
}

// textOf is a cell as a CSV has it: numbers as they are, so that they can be counted with, all else as people read it.
func textOf(cell engine.RegisterCell) string {
	switch x := cell.Raw.(type) {
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case value.Money:
		return x.String()
	}
	return harmless(cell.Text)
}

// writeCSV begins with the mark by which spreadsheets know UTF-8.
func writeCSV(page engine.RegisterPage) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	head := make([]string, len(page.Columns))
	for i, c := range page.Columns {
		head[i] = harmless(c.Title)
	}
	_ = w.Write(head)
	for _, line := range page.Lines {
		out := make([]string, len(line.Cells))
		for i, cell := range line.Cells {
			out[i] = textOf(cell)
		}
		_ = w.Write(out)
	}
	for i, t := range page.Totals {
		if i == 0 {
			_ = w.Write(make([]string, len(head))) // they belong to no column
		}
		_ = w.Write([]string{harmless(t.Title), textOf(t.RegisterCell)})
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// writeXLSX writes typed cells: a text is a text there, whatever it begins with.
func writeXLSX(page engine.RegisterPage) ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	sheet := f.GetSheetName(0)
	styles, err := newStyles(f)
	if err != nil {
		return nil, err
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return nil, err
	}
	if err := frame(w, len(page.Columns)); err != nil {
		return nil, err
	}
	row := 0
	write := func(cells []any) error {
		row++
		at, err := excelize.CoordinatesToCellName(1, row)
		if err != nil {
			return err
		}
		return w.SetRow(at, cells)
	}
	var head []any
	for _, c := range page.Columns {
		head = append(head, excelize.Cell{StyleID: styles.head, Value: c.Title})
	}
	if err := write(head); err != nil {
		return nil, err
	}
	for _, line := range page.Lines {
		cells := make([]any, len(line.Cells))
		for i, cell := range line.Cells {
			cells[i] = styles.cell(cell)
		}
		if err := write(cells); err != nil {
			return nil, err
		}
	}
	if len(page.Totals) > 0 {
		row++ // they belong to no column
	}
	for _, t := range page.Totals {
		title := excelize.Cell{StyleID: styles.head, Value: t.Title}
		if err := write([]any{title, styles.cell(t.RegisterCell)}); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// frame keeps the titles in sight, and the columns wide enough for a time.
func frame(w *excelize.StreamWriter, columns int) error {
	const width = 18 // characters
	if err := w.SetColWidth(1, max(columns, 1), width); err != nil {
		return err
	}
	return w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

type styles struct {
	head, money int
	times       map[value.Kind]int
}

func newStyles(f *excelize.File) (s styles, err error) {
	if s.head, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return s, err
	}
	if s.money, err = f.NewStyle(&excelize.Style{NumFmt: 4}); err != nil { // #,##0.00
		return s, err
	}
	s.times = map[value.Kind]int{}
	for kind, format := range map[value.Kind]string{
		value.Moment: "yyyy-mm-dd hh:mm", value.Date: "yyyy-mm-dd", value.Month: "yyyy-mm",
	} {
		if s.times[kind], err = f.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
			return s, err
		}
	}
	return s, nil
}

// cell gives numbers as numbers, and times as times: those that a clock in the office shows, since a spreadsheet knows
// no zones.
func (s styles) cell(cell engine.RegisterCell) any {
	switch x := cell.Raw.(type) {
	case time.Time:
		clock := time.Date(x.Year(), x.Month(), x.Day(), x.Hour(), x.Minute(), x.Second(), 0, time.UTC)
		return excelize.Cell{StyleID: s.times[cell.Kind], Value: clock}
	case int64, float64:
		return x
	case value.Money:
		n, err := strconv.ParseFloat(x.String(), 64)
		if err == nil {
			return excelize.Cell{StyleID: s.money, Value: n}
		}
	}
	return cell.Text
}

func (s *server) describeExport(path string) {
	get := s.op(http.MethodGet, path, "export-register", "All lines of a register, as XLSX or CSV")
	text := &huma.Schema{Type: huma.TypeString}
	for _, name := range []string{"procedure", "register"} {
		get.Parameters = append(get.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: text})
	}
	for _, name := range []string{"filter", "sort"} {
		get.Parameters = append(get.Parameters, &huma.Param{Name: name, In: "query", Schema: text})
	}
	for _, name := range []string{"column", "value"} {
		many := &huma.Schema{Type: huma.TypeArray, Items: text}
		get.Parameters = append(get.Parameters, &huma.Param{Name: name, In: "query", Schema: many})
	}
	get.Parameters = append(get.Parameters, &huma.Param{
		Name: "format", In: "query", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{formXLSX, formCSV}},
	})
	download := &huma.Response{Description: "The register, as a download", Content: map[string]*huma.MediaType{}}
	for _, media := range []string{mediaXLSX, "text/csv"} {
		download.Content[media] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	get.Responses["200"] = download
	s.huma.OpenAPI().AddOperation(&get)
}
