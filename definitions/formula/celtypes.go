package formula

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/guicheng/guicheng/definitions/value"
)

var (
	celPerson = types.NewObjectType("person")
	celUnit   = types.NewObjectType("unit")
	celFile   = types.NewObjectType("file")
)

// celRecord describes a record to CEL: its fields are read from our own maps and structs.
type celRecord struct {
	*types.Type
	names  []string
	fields map[string]*types.FieldType
}

var _ types.StructTypeDescriptor = (*celRecord)(nil)

func (r *celRecord) ReflectType() reflect.Type { return nil }
func (r *celRecord) FieldNames() []string      { return r.names }

func (r *celRecord) FindFieldType(name string) (*types.FieldType, bool) {
	f, ok := r.fields[name]
	return f, ok
}

func (r *celRecord) NewValue(types.Adapter, map[string]ref.Val) ref.Val {
	return types.NewErr("a condition makes no records")
}

func (r *celRecord) Adapt(_ types.Adapter, v any) ref.Val { return adapter{}.NativeToValue(v) }

// celTypes collects the record types that a set of names needs.
type celTypes struct {
	byName  map[string]*celRecord
	ordered []any
}

// of gives the CEL type of t, and registers the records in it.
func (c *celTypes) of(t *typ) *cel.Type {
	switch t.sort {
	case tBool:
		return cel.BoolType
	case tInt:
		return cel.IntType
	case tFloat:
		return cel.DoubleType
	case tString:
		return cel.StringType
	case tTime:
		return cel.TimestampType
	case tDuration:
		return cel.DurationType
	case tWork:
		return celWork
	case tMoney:
		return celMoney
	case tPerson:
		c.record(t, celPerson)
		return celPerson
	case tUnit:
		c.record(t, celUnit)
		return celUnit
	case tFile:
		c.record(t, celFile)
		return celFile
	case tRecord:
		return c.record(t, nil).Type
	case tList:
		return cel.ListType(c.of(t.elem))
	}
	return cel.DynType
}

func (c *celTypes) record(t *typ, known *types.Type) *celRecord {
	name := celName(t)
	if r, ok := c.byName[name]; ok {
		return r
	}
	if known == nil {
		known = types.NewObjectType(name)
	}
	r := &celRecord{Type: known, names: t.memberNames(), fields: make(map[string]*types.FieldType, len(t.members))}
	c.byName[name] = r
	for _, m := range t.members {
		path := m.name
		if t.sort == tRecord {
			path = strings.TrimPrefix(strings.TrimPrefix(t.name, "data."), "extra.") + "." + m.name
		}
		r.fields[m.name] = fieldOf(c.of(m.typ), m, path)
	}
	c.ordered = append(c.ordered, r)
	return r
}

// celName keeps our type names out of the way of data names: a dot would make them look like a field.
func celName(t *typ) string {
	if t.sort != tRecord {
		return t.name
	}
	return "record__" + strings.ReplaceAll(t.name, ".", "__")
}

func fieldOf(t *cel.Type, m member, path string) *types.FieldType {
	name, rows, record := m.name, m.typ.rows, m.typ.sort == tRecord
	return &types.FieldType{
		Type: t,
		IsSet: func(obj any) bool {
			_, ok := getMember(obj, name)
			return ok
		},
		GetFrom: func(obj any) (any, error) {
			if v, ok := getMember(obj, name); ok {
				return v, nil
			}
			switch {
			case rows:
				return []value.Record(nil), nil
			case record:
				return value.Record(nil), nil
			}
			return nil, absent(path)
		},
	}
}

// celPlace is the compiled environment of one set of names.
type celPlace struct {
	env   *cel.Env
	names map[string]binding
	kept  Names // its key is made of addresses: they must stay in use
}

// celCache keeps one environment for each set of names that a procedure uses: most formulas share theirs.
type celCache struct {
	mu     sync.Mutex
	places map[string]*celPlace
}

// key tells two sets of names apart.
func (n Names) key() string {
	var b strings.Builder
	if n.Row != nil {
		fmt.Fprintf(&b, "%p", n.Row)
	}
	for _, f := range n.Extra {
		fmt.Fprintf(&b, " %p", f)
	}
	fmt.Fprintf(&b, " %t %q %t %t %t %t %t %t %t %t",
		n.Actor, n.Answers, n.Answers == nil, n.Outcome, n.Due, n.Now, n.Settled, n.Counts, n.Manager, n.Choose)
	return b.String()
}

func (e *Env) placeOf(n Names) (*celPlace, error) {
	key := n.key()
	e.cache.mu.Lock()
	defer e.cache.mu.Unlock()
	if p, ok := e.cache.places[key]; ok {
		return p, nil
	}
	names := e.bindings(n)
	env, err := e.extend(names)
	if err != nil {
		return nil, err
	}
	p := &celPlace{env: env, names: names, kept: n}
	e.cache.places[key] = p
	return p, nil
}

// extend declares the names to CEL.
func (e *Env) extend(names map[string]binding) (*cel.Env, error) {
	b, err := base()
	if err != nil {
		return nil, err
	}
	kinds := &celTypes{byName: map[string]*celRecord{}}
	kinds.of(e.opts.personType())
	kinds.of(unitT)
	presence := &celRecord{Type: types.NewObjectType(hiddenNames), fields: map[string]*types.FieldType{}}
	opts := []cel.EnvOption{cel.Variable(hiddenNames, presence.Type)}
	for _, name := range sortedNames(names) {
		bound := names[name]
		if bound.source == fromManager || bound.source == fromChoose {
			continue
		}
		t := kinds.of(bound.typ)
		opts = append(opts, cel.Variable(name, t))
		presence.names = append(presence.names, name)
		presence.fields[name] = presenceOf(t, name, bound)
	}
	slices.Sort(presence.names)
	return b.env.Extend(append([]cel.EnvOption{cel.Types(append(kinds.ordered, presence)...)}, opts...)...)
}

func presenceOf(t *cel.Type, name string, bound binding) *types.FieldType {
	return &types.FieldType{
		Type: t,
		IsSet: func(obj any) bool {
			s, ok := obj.(*Scope)
			return ok && bound.has(name, s)
		},
		GetFrom: func(any) (any, error) { return nil, absent(name) },
	}
}

// has tells whether a name has a value. A record or table counts when it has an entry.
func (b binding) has(name string, s *Scope) bool {
	var ok bool
	switch b.source {
	case fromData:
		_, ok = s.Data[name]
	case fromExtra:
		_, ok = s.Extra[name]
	default:
		_, ok = b.resolve(name, s)
	}
	return ok
}
