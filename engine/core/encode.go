package core

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// stateJSON is the stored form of a State: what needs the procedure's types to be read stands beside the rest.
type stateJSON struct {
	*State
	Settings json.RawMessage `json:"settings,omitempty"`
	Data     json.RawMessage `json:"data,omitempty"`
	Kept     []keptJSON      `json:"kept,omitempty"`
}

type keptJSON struct {
	KeptMessage
	Values json.RawMessage `json:"values,omitempty"`
}

// EncodeState writes s as canonical JSON: the same state gives the same bytes.
func EncodeState(p *definitions.Procedure, s *State) ([]byte, error) {
	out := stateJSON{State: s}
	var err error
	if out.Settings, err = encodeSettings(p, s.Settings); err != nil {
		return nil, err
	}
	if out.Data, err = value.EncodeRecord(p.Data.Fields, s.Data, p.Office.Zone); err != nil {
		return nil, fmt.Errorf("encode the data of case %s: %w", s.Case, err)
	}
	for _, k := range s.Kept {
		kept, err := encodeKept(p, k)
		if err != nil {
			return nil, err
		}
		out.Kept = append(out.Kept, kept)
	}
	return json.Marshal(out)
}

// ErrNewer says that what is read was written by a newer release: it has something that this one does not know, and
// would lose.
var ErrNewer = errors.New("written by a newer release of Guicheng")

// strictly reads JSON and refuses what it has no place for.
func strictly(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err != nil && json.Unmarshal(raw, into) == nil {
		return fmt.Errorf("%w: %w", ErrNewer, err)
	}
	return err
}

// DecodeState reads what EncodeState wrote. ErrNewer if a newer release's did.
func DecodeState(p *definitions.Procedure, raw []byte) (*State, error) {
	in := stateJSON{State: &State{}}
	if err := strictly(raw, &in); err != nil {
		return nil, fmt.Errorf("decode a case: %w", err)
	}
	s := in.State
	var err error
	if s.Settings, err = decodeSettings(p, in.Settings); err != nil {
		return nil, err
	}
	if s.Data, err = decodeRecord(p, p.Data.Fields, in.Data); err != nil {
		return nil, fmt.Errorf("decode the data of case %s: %w", s.Case, err)
	}
	for _, k := range in.Kept {
		kept, err := decodeKept(p, k)
		if err != nil {
			return nil, err
		}
		s.Kept = append(s.Kept, kept)
	}
	return s, nil
}

func settingFields(p *definitions.Procedure) []*value.Field {
	out := make([]*value.Field, len(p.Settings))
	for i, s := range p.Settings {
		out[i] = s.Field
	}
	return out
}

func encodeSettings(p *definitions.Procedure, rec value.Record) (json.RawMessage, error) {
	return value.EncodeRecord(settingFields(p), rec, p.Office.Zone)
}

func decodeSettings(p *definitions.Procedure, raw json.RawMessage) (value.Record, error) {
	return decodeRecord(p, settingFields(p), raw)
}

// decodeRecord reads a record that this engine wrote: a fault in it is an error, not a person's mistake.
func decodeRecord(p *definitions.Procedure, fields []*value.Field, raw json.RawMessage) (value.Record, error) {
	if len(raw) == 0 {
		return value.Record{}, nil
	}
	rec, faults := value.DecodeRecord(fields, raw, p.Office.Zone, nil)
	if len(faults) > 0 {
		return nil, fmt.Errorf("field %s: %s", faults[0].Path, faults[0].Code)
	}
	return rec, nil
}

func encodeKept(p *definitions.Procedure, k KeptMessage) (keptJSON, error) {
	raw, err := value.EncodeRecord(messageFields(p, k.Name), k.Values, p.Office.Zone)
	return keptJSON{KeptMessage: k, Values: raw}, err
}

func decodeKept(p *definitions.Procedure, k keptJSON) (KeptMessage, error) {
	rec, err := decodeRecord(p, messageFields(p, k.Name), k.Values)
	k.KeptMessage.Values = rec
	return k.KeptMessage, err
}

func messageFields(p *definitions.Procedure, name string) []*value.Field {
	if msg := message(p, name); msg != nil {
		return FormFields(p, msg.Form)
	}
	return nil
}

// assignmentJSON is the stored form of an Assignment.
type assignmentJSON struct {
	Path  string          `json:"path"`
	Row   *int            `json:"row,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
}

// EncodeEvent writes an event's body as canonical JSON.
func EncodeEvent(p *definitions.Procedure, e Event) ([]byte, error) {
	switch e := e.(type) {
	case CaseStarted:
		raw, err := encodeSettings(p, e.Settings)
		if err != nil {
			return nil, err
		}
		return json.Marshal(startedJSON{CaseStarted: e, Settings: raw})
	case Migrated:
		raw, err := encodeSettings(p, e.Settings)
		if err != nil {
			return nil, err
		}
		return json.Marshal(migratedJSON{Migrated: e, Settings: raw})
	case DataSet:
		return encodeDataSet(p, e)
	case Kept:
		kept, err := encodeKept(p, e.Message)
		if err != nil {
			return nil, err
		}
		return json.Marshal(keptEventJSON{Kept: e, Message: kept})
	default:
		return json.Marshal(e)
	}
}

type startedJSON struct {
	CaseStarted
	Settings json.RawMessage `json:"settings,omitempty"`
}

type migratedJSON struct {
	Migrated
	Settings json.RawMessage `json:"settings,omitempty"`
}

// VersionOf reads, from a stored event that begins a case or moves it, by which version of its procedure the case goes
// on: this event, and those after it, are read and applied by that version.
func VersionOf(kind string, raw []byte) (version int, ok bool) {
	var in struct {
		Version int `json:"version"`
		To      int `json:"to"`
	}
	switch kind {
	case CaseStarted{}.Kind(), Migrated{}.Kind():
		if json.Unmarshal(raw, &in) != nil {
			return 0, false
		}
		return max(in.Version, in.To), true
	}
	return 0, false
}

type keptEventJSON struct {
	Kept
	Message keptJSON `json:"message"`
}

func encodeDataSet(p *definitions.Procedure, e DataSet) ([]byte, error) {
	out := make([]assignmentJSON, len(e.Values))
	for i, a := range e.Values {
		out[i].Path = a.Path
		if a.Row >= 0 {
			out[i].Row = &e.Values[i].Row
		}
		if a.Value == nil {
			continue
		}
		raw, err := p.Data.Field(a.Path).Encode(a.Value, p.Office.Zone)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", a.Path, err)
		}
		out[i].Value = raw
	}
	return json.Marshal(struct {
		Values []assignmentJSON `json:"values"`
	}{out})
}

// DecodeEvent reads what EncodeEvent wrote. Kind is the event's Kind().
func DecodeEvent(p *definitions.Procedure, kind string, raw []byte) (Event, error) {
	switch kind {
	case CaseStarted{}.Kind():
		var in startedJSON
		if err := json.Unmarshal(raw, &in); err != nil {
			return nil, fmt.Errorf("decode event %s: %w", kind, err)
		}
		settings, err := decodeSettings(p, in.Settings)
		in.CaseStarted.Settings = settings
		return in.CaseStarted, err
	case Migrated{}.Kind():
		var in migratedJSON
		if err := json.Unmarshal(raw, &in); err != nil {
			return nil, fmt.Errorf("decode event %s: %w", kind, err)
		}
		settings, err := decodeSettings(p, in.Settings)
		in.Migrated.Settings = settings
		return in.Migrated, err
	case DataSet{}.Kind():
		return decodeDataSet(p, raw)
	case Kept{}.Kind():
		var in keptEventJSON
		if err := json.Unmarshal(raw, &in); err != nil {
			return nil, fmt.Errorf("decode event %s: %w", kind, err)
		}
		msg, err := decodeKept(p, in.Message)
		in.Kept.Message = msg
		return in.Kept, err
	}
	decode, ok := plainEvents()[kind]
	if !ok {
		return nil, fmt.Errorf("event of an unknown kind %q: this program is older than the data", kind)
	}
	return decode(raw)
}

func decodeDataSet(p *definitions.Procedure, raw []byte) (Event, error) {
	var in struct {
		Values []assignmentJSON `json:"values"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, fmt.Errorf("decode event data-set: %w", err)
	}
	out := DataSet{Values: make([]Assignment, len(in.Values))}
	for i, a := range in.Values {
		out.Values[i] = Assignment{Path: a.Path, Row: -1}
		if a.Row != nil {
			out.Values[i].Row = *a.Row
		}
		if len(a.Value) == 0 {
			continue
		}
		f := p.Data.Field(a.Path)
		if f == nil {
			return nil, fmt.Errorf("event data-set names %q, which the procedure does not have", a.Path)
		}
		v, faults := f.Decode(a.Value, p.Office.Zone, nil)
		if len(faults) > 0 {
			return nil, fmt.Errorf("event data-set: %s: %s", faults[0].Path, faults[0].Code)
		}
		out.Values[i].Value = v
	}
	return out, nil
}

func decodeAs[E Event](raw []byte) (Event, error) {
	var e E
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, fmt.Errorf("decode event %s: %w", e.Kind(), err)
	}
	return e, nil
}

// plainEvents maps each kind whose body needs no types of the procedure to its reader.
func plainEvents() map[string]func([]byte) (Event, error) {
	return map[string]func([]byte) (Event, error){
		FrameOpened{}.Kind():   decodeAs[FrameOpened],
		FrameClosed{}.Kind():   decodeAs[FrameClosed],
		Opened{}.Kind():        decodeAs[Opened],
		Moved{}.Kind():         decodeAs[Moved],
		Passed{}.Kind():        decodeAs[Passed],
		Joined{}.Kind():        decodeAs[Joined],
		Dropped{}.Kind():       decodeAs[Dropped],
		RoundChanged{}.Kind():  decodeAs[RoundChanged],
		Offered{}.Kind():       decodeAs[Offered],
		Claimed{}.Kind():       decodeAs[Claimed],
		Began{}.Kind():         decodeAs[Began],
		Released{}.Kind():      decodeAs[Released],
		Answered{}.Kind():      decodeAs[Answered],
		Skipped{}.Kind():       decodeAs[Skipped],
		Transferred{}.Kind():   decodeAs[Transferred],
		Delegated{}.Kind():     decodeAs[Delegated],
		GaveBack{}.Kind():      decodeAs[GaveBack],
		SignersAdded{}.Kind():  decodeAs[SignersAdded],
		SignersOut{}.Kind():    decodeAs[SignersOut],
		Resumed{}.Kind():       decodeAs[Resumed],
		Spread{}.Kind():        decodeAs[Spread],
		RowEnded{}.Kind():      decodeAs[RowEnded],
		Grown{}.Kind():         decodeAs[Grown],
		EndedEarly{}.Kind():    decodeAs[EndedEarly],
		Locked{}.Kind():        decodeAs[Locked],
		Raised{}.Kind():        decodeAs[Raised],
		CanUndo{}.Kind():       decodeAs[CanUndo],
		UndoBegan{}.Kind():     decodeAs[UndoBegan],
		UndoEnded{}.Kind():     decodeAs[UndoEnded],
		Subscribed{}.Kind():    decodeAs[Subscribed],
		Unsubscribed{}.Kind():  decodeAs[Unsubscribed],
		Drew{}.Kind():          decodeAs[Drew],
		Resulted{}.Kind():      decodeAs[Resulted],
		Chosen{}.Kind():        decodeAs[Chosen],
		Judged{}.Kind():        decodeAs[Judged],
		Decided{}.Kind():       decodeAs[Decided],
		EndReached{}.Kind():    decodeAs[EndReached],
		TimerSet{}.Kind():      decodeAs[TimerSet],
		TimerCleared{}.Kind():  decodeAs[TimerCleared],
		Received{}.Kind():      decodeAs[Received],
		Unkept{}.Kind():        decodeAs[Unkept],
		Once{}.Kind():          decodeAs[Once],
		Called{}.Kind():        decodeAs[Called],
		Returned{}.Kind():      decodeAs[Returned],
		Reminded{}.Kind():      decodeAs[Reminded],
		Issued{}.Kind():        decodeAs[Issued],
		Stuck{}.Kind():         decodeAs[Stuck],
		Resolved{}.Kind():      decodeAs[Resolved],
		Stirred{}.Kind():       decodeAs[Stirred],
		Ended{}.Kind():         decodeAs[Ended],
		Urged{}.Kind():         decodeAs[Urged],
		CaseCopied{}.Kind():    decodeAs[CaseCopied],
		NotHandedOver{}.Kind(): decodeAs[NotHandedOver],
		Commented{}.Kind():     decodeAs[Commented],
		Forced{}.Kind():        decodeAs[Forced],
		Suspension{}.Kind():    decodeAs[Suspension],
		Resumption{}.Kind():    decodeAs[Resumption],
		SentBack{}.Kind():      decodeAs[SentBack],
		Superseded{}.Kind():    decodeAs[Superseded],
		Detoured{}.Kind():      decodeAs[Detoured],
		Rejoined{}.Kind():      decodeAs[Rejoined],
		Reopened{}.Kind():      decodeAs[Reopened],
		Asked{}.Kind():         decodeAs[Asked],
		Tried{}.Kind():         decodeAs[Tried],
		Replied{}.Kind():       decodeAs[Replied],
	}
}

// rawReading reads a formula.Reading back without losing the bytes of its value.
type rawReading struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value,omitempty"`
}

// readings are readings as they were written.
func readings(list []rawReading) []formula.Reading {
	var out []formula.Reading
	for _, r := range list {
		reading := formula.Reading{Name: r.Name}
		if len(r.Value) > 0 {
			reading.Value = r.Value
		}
		out = append(out, reading)
	}
	return out
}

// UnmarshalJSON keeps the values that a table read as they were written.
func (d *Decided) UnmarshalJSON(raw []byte) error {
	var in struct {
		Act  ID           `json:"act"`
		Hits []Hit        `json:"hits"`
		Read []rawReading `json:"read"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	*d = Decided{Act: in.Act, Hits: in.Hits, Read: readings(in.Read)}
	return nil
}

// UnmarshalJSON keeps the values that a guard read as they were written.
func (w *Why) UnmarshalJSON(raw []byte) error {
	var in struct {
		Way    int          `json:"way"`
		Guard  string       `json:"guard"`
		Read   []rawReading `json:"read"`
		Result bool         `json:"result"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	*w = Why{Way: in.Way, Guard: in.Guard, Read: readings(in.Read), Result: in.Result}
	return nil
}
