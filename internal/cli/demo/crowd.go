package demo

import (
	"slices"
	"strings"

	"bothways/internal/cli/demo/story"
)

// headcount is how many people the company and its IT have.
const headcount = 400

// nation is how people of a place are called.
type nation struct {
	place, tongue string
	share         int // of a hundred customers
	women, men    []string
	surnames      []string // "Nowicki/Nowicka" where men and women differ
}

func words(s string) []string { return strings.Fields(s) }

var nations = []nation{
	{"Leeds", "en", 31,
		words("Alice Amy Bethan Carol Charlotte Chloe Deepa Eleanor Emma Fiona Grace Hannah Imani Jane Joanne Kate Laura Lucy Maya Nadia Olivia Ruth Sarah Shazia Sophie Tanya Yasmin Zoe"),
		words("Adam Ahmed Alan Ben Callum Craig Daniel David Dean Ed Gareth Harvey Ian Imran Jack James Kieran Liam Luke Martin Nathan Neil Paul Rajesh Sam Steven Tom Will"),
		words("Ackroyd Ahmad Barker Bennett Booth Broadbent Chaudhry Cooper Dawson Dyson Ellis Farrar Firth Gill Greenwood Haigh Hirst Holroyd Ibrahim Jagger Kaur Khan Lister Lockwood Marsden Naylor Oldroyd Patel Priestley Rhodes Sharma Shaw Sugden Sykes Thornton Varley Whitaker Wood")},
	{"Porto", "pt", 22,
		words("Ana Beatriz Carla Catarina Cláudia Cristina Daniela Diana Fernanda Filipa Helena Isabel Joana Leonor Luísa Mafalda Margarida Maria Marta Mónica Patrícia Raquel Sandra Sara Sílvia Sofia Susana Teresa Vera"),
		words("Afonso André António Artur Carlos Daniel David Duarte Fernando Filipe Francisco Gonçalo Hugo Jaime João Jorge José Luís Manuel Miguel Nuno Paulo Pedro Ricardo Rodrigo Sérgio Tiago Vasco"),
		words("Almeida Alves Amaral Azevedo Barbosa Borges Brandão Cardoso Carneiro Coelho Correia Cunha Dias Faria Fonseca Gomes Leal Lima Lopes Machado Magalhães Marques Matos Melo Moreira Neves Nogueira Pacheco Pinho Pinto Reis Rocha Santos Teixeira Vaz Vieira")},
	{"Tallinn", "et", 15,
		words("Anneli Birgit Eha Eliise Heli Helje Ingrid Jaana Kaja Katrin Kersti Kristi Laura Lea Liina Maarja Mari Merle Piret Reet Riina Signe Sirje Tiina Triin Ülle"),
		words("Aivar Andres Ants Hannes Indrek Jaak Jaan Janek Kaarel Kalev Kristjan Lauri Madis Margus Marko Meelis Priit Raivo Rein Siim Tanel Tarmo Toomas Urmas Villu"),
		words("Aas Allik Ilves Jõgi Kallas Kask Kivi Koppel Kukk Kuusk Lepik Luik Mets Mölder Oja Pärn Põld Raud Rebane Saks Sepp Sild Teder Toom Uibo Vaher Vain Õunapuu")},
	{"Gdańsk", "pl", 21,
		words("Agata Agnieszka Aleksandra Anna Barbara Beata Dorota Elżbieta Hanna Iwona Izabela Joanna Justyna Kamila Karolina Katarzyna Magdalena Małgorzata Maria Marta Monika Natalia Paulina Renata Sylwia Urszula Weronika"),
		words("Adam Andrzej Bartosz Dariusz Dawid Filip Grzegorz Jacek Jakub Jan Jerzy Kamil Karol Krzysztof Łukasz Maciej Mateusz Michał Paweł Przemysław Rafał Robert Sebastian Szymon Tadeusz Tomasz Wojciech Zbigniew"),
		words("Adamczyk Baran Borkowski/Borkowska Czarnecki/Czarnecka Dąbrowski/Dąbrowska Duda Dudek Gajewski/Gajewska Głowacki/Głowacka Górski/Górska Jabłoński/Jabłońska Jasiński/Jasińska Kaczmarek Kamiński/Kamińska Kowalczyk Kozłowski/Kozłowska Krawczyk Kubiak Lewandowski/Lewandowska Majewski/Majewska Malinowski/Malinowska Mazur Michalak Olszewski/Olszewska Pawlak Sikora Sobczak Stępień Walczak Wieczorek Wilk Witkowski/Witkowska Wysocki/Wysocka Zalewski/Zalewska")},
	{"Turku", "fi", 11,
		words("Anna Eeva Elina Emilia Hanna Heidi Helmi Johanna Kaisa Kirsi Laura Leena Maarit Minna Niina Outi Päivi Riikka Sanna Satu Sini Tiina Tuuli Ulla Venla"),
		words("Antti Arto Esa Heikki Ilkka Janne Jari Jukka Kalle Kari Lauri Markus Matti Mika Olli Pasi Pekka Petri Sami Samuli Teemu Tero Timo Tuomas Ville"),
		words("Aalto Ahonen Hakala Heikkilä Hiltunen Jokinen Kallio Karjalainen Ketola Koski Laaksonen Lahti Lehto Leppänen Mäkinen Miettinen Nieminen Niemi Ojala Peltonen Rantanen Ranta Saarinen Salonen Toivonen Tuominen Vainio Väisänen")},
}

// crowd fills the company up to its headcount: who they are hangs on no seed, so that a mailbox or a request can be found again.
func crowd() []story.Person {
	var out []story.Person
	taken := map[string]bool{}
	for _, m := range cast {
		taken[m.address] = true
	}
	left := headcount - len(cast)
	for i, n := range nations {
		count := left * n.share / 100
		if i == len(nations)-1 {
			count = left - len(out)
		}
		for k := 0; count > 0; k++ {
			woman := k%2 == 0
			first := n.men[(k*5+k/len(n.men))%len(n.men)]
			if woman {
				first = n.women[(k*3+k/len(n.women))%len(n.women)]
			}
			men, women, two := strings.Cut(n.surnames[(k*11+k/3)%len(n.surnames)], "/")
			last := men
			if two && woman {
				last = women
			}
			address := story.Plain(first+"."+last) + "@norvik.example"
			if taken[address] {
				continue
			}
			taken[address] = true
			count--
			out = append(out, story.Person{Key: address[:strings.IndexByte(address, '@')], Name: first + " " + last, Place: n.place, Tongue: n.tongue, Female: woman})
		}
	}
	return out
}

// customers are all who ask: the cast's and the crowd, without those who work in IT.
func customers(crowd []story.Person) []story.Person {
	out := slices.Clone(crowd)
	for _, m := range cast {
		if m.site == "" || slices.Contains(m.roles, "site_it@site") {
			continue
		}
		n := nations[slices.IndexFunc(nations, func(n nation) bool { return n.place == m.site })]
		first, _, _ := strings.Cut(m.name, " ")
		woman := slices.Contains(n.women, first) || slices.Contains(words("Helen Rita Liis Kadri Ewa Zofia Aino"), first)
		out = append(out, story.Person{Key: m.key, Name: m.name, Place: m.site, Tongue: n.tongue, Female: woman})
	}
	return out
}

// crews are the teams by the names that the story knows them by.
func crews() map[string]story.Crew {
	out := map[string]story.Crew{}
	for _, m := range cast {
		key := map[string]string{deskTeam: "desk", "Network": "network", "Business systems": "business", "Mobile devices": "mobile", "Information security": "security", "Service level management": "slm"}[m.team]
		if key == "" && m.site != "" && m.team != "" {
			key = "local@" + m.site
		}
		if key != "" {
			c := out[key]
			out[key] = story.Crew{Team: m.team, Members: append(c.Members, m.key)}
		}
	}
	d := out["desk"]
	d.Team = ""
	out["desk"] = d
	return out
}
