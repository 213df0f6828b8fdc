package schema

import (
	"embed"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"sync"
)

// The two patterns leave out the tests, and any file whose name ends in "st":
// call such a kind's file by its plural.
//
//go:embed *[^t].go *[^s]t.go
var source embed.FS

// The comments of this package's own source are the descriptions that users
// read in the API, in forms and in help, so that they are written once.
var comments = sync.OnceValue(readComments)

// Doc tells users what the kind is: the comment of its struct.
func (k *Kind) Doc() string { return comments()[k.Name] }

// Doc tells users what the field holds: the comment of the struct's field.
func (f *Field) Doc() string {
	for _, owner := range []string{f.Kind.Name, "Audience", "Addressed"} {
		if doc := comments()[owner+"."+f.GoName]; doc != "" {
			return doc
		}
	}
	return ""
}

// EnumDoc tells users what a value of the field's enum means; EnumName is the
// name of the enum's type.
func (f *Field) EnumDoc(value string) string { return comments()[f.EnumName()+"="+value] }

// EnumName is the name of the type of an Enum or EnumList, such as CustomerType.
func (f *Field) EnumName() string {
	t := f.typ
	if f.Type == EnumList {
		t = t.Elem()
	}
	return t.Name()
}

// EnumTypeDoc tells users what the enum of the field is.
func (f *Field) EnumTypeDoc() string { return comments()[f.EnumName()] }

func readComments() map[string]string {
	docs := map[string]string{}
	files, err := source.ReadDir(".")
	if err != nil {
		panic("schema: " + err.Error())
	}
	for _, entry := range files {
		text, err := source.ReadFile(entry.Name())
		if err != nil {
			panic("schema: " + err.Error())
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			panic("schema: " + err.Error())
		}
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				readDecl(docs, g)
			}
		}
	}
	return docs
}

func readDecl(docs map[string]string, g *ast.GenDecl) {
	var enum string // constants after a typed one may lack the type
	for _, spec := range g.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			docs[s.Name.Name] = prose(g.Doc)
			if st, ok := s.Type.(*ast.StructType); ok {
				readFields(docs, s.Name.Name, st)
			}
		case *ast.ValueSpec:
			if t, ok := s.Type.(*ast.Ident); ok {
				enum = t.Name
			}
			if len(s.Values) == 1 && g.Tok == token.CONST {
				if lit, ok := s.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					docs[enum+"="+strings.Trim(lit.Value, `"`)] = prose(s.Comment)
				}
			}
		}
	}
}

func readFields(docs map[string]string, owner string, st *ast.StructType) {
	for _, field := range st.Fields.List {
		for _, name := range field.Names {
			docs[owner+"."+name.Name] = prose(field.Doc)
		}
	}
}

// prose joins the lines of a comment into one paragraph a blank line.
func prose(c *ast.CommentGroup) string {
	if c == nil {
		return ""
	}
	paragraphs := strings.Split(strings.TrimSpace(c.Text()), "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(p), " ")
	}
	return strings.Join(paragraphs, "\n\n")
}
